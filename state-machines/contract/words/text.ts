import { z } from 'zod';

/** Languages of the screen. Printed papers are in the language the law asks for, which is Chinese. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** A text in every language of the screen. The catalogue carries texts in this shape, so that items can be added from the centre. */
export const textSchema = z.object({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof textSchema>;
