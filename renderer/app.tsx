import type { ReactNode } from 'react';
import type { StepView } from '../state-machines/contract/screen.ts';
import { AttractStep } from './steps/attract.tsx';
import { HomeStep } from './steps/home.tsx';
import { IdentifyStep } from './steps/identify.tsx';
import { PasswordStep } from './steps/password.tsx';
import { ReviewStep } from './steps/review.tsx';

/** Kind of step → screen. A new kind does not compile until it has its screen. */
export function showStep(step: StepView): ReactNode {
  switch (step.kind) {
    case 'attract':
      return <AttractStep step={step} />;
    case 'home':
      return <HomeStep step={step} />;
    case 'identify':
      return <IdentifyStep step={step} />;
    case 'password':
      return <PasswordStep step={step} />;
    case 'review':
      return <ReviewStep step={step} />;
  }
}
