import { lazy, type ReactElement } from 'react';
import type { StepView } from '../state-machines/contract/screen.ts';
import { AgreementStep } from './steps/agreement.tsx';
import { AttractStep } from './steps/attract.tsx';
import { ChooseStep } from './steps/choose.tsx';
import { FactsStep } from './steps/facts.tsx';
import { HomeStep } from './steps/home.tsx';
import { IdentifyStep } from './steps/identify.tsx';
import { OutOfServiceStep } from './steps/out-of-service.tsx';
import { PasswordStep } from './steps/password.tsx';
import { ResultStep } from './steps/result.tsx';
import { ReviewStep } from './steps/review.tsx';
import { ScanStep } from './steps/scan.tsx';
import { StillThereStep } from './steps/still-there.tsx';
import { TakeStep } from './steps/take.tsx';
import { TroubleStep } from './steps/trouble.tsx';
import { WorkingStep } from './steps/working.tsx';

// The first screen waits for none of these; `warm` fetches them once it stands.
const laterSteps = {
  form: () => import('./steps/form.tsx'),
  read: () => import('./steps/read.tsx'),
  sign: () => import('./steps/sign.tsx'),
  rate: () => import('./steps/rate.tsx'),
  camera: () => import('./steps/camera.tsx'),
};
const FormStep = lazy(laterSteps.form);
const ReadStep = lazy(laterSteps.read);
const SignStep = lazy(laterSteps.sign);
const RateStep = lazy(laterSteps.rate);
const CameraStep = lazy(laterSteps.camera);

/** Fetches what the first screen did not need, so that no later touch waits for it. */
export async function warm(): Promise<void> {
  await Promise.all(Object.values(laterSteps).map((load) => load()));
  await Promise.all([import('./form/text-keyboard.tsx'), import('jose')]);
  await (await import('./form/pinyin/load.ts')).loadPinyin();
}

/** Kind of step → screen. A new kind does not compile until it has its screen. */
export function showStep(step: StepView): ReactElement {
  switch (step.kind) {
    case 'attract':
      return <AttractStep step={step} />;
    case 'home':
      return <HomeStep step={step} />;
    case 'facts':
      return <FactsStep step={step} />;
    case 'identify':
      return <IdentifyStep step={step} />;
    case 'password':
      return <PasswordStep step={step} />;
    case 'camera':
      return <CameraStep step={step} />;
    case 'agreement':
      return <AgreementStep step={step} />;
    case 'form':
      return <FormStep step={step} />;
    case 'list':
    case 'choose':
      return <ChooseStep step={step} />;
    case 'review':
      return <ReviewStep step={step} />;
    case 'sign':
      return <SignStep step={step} />;
    case 'working':
      return <WorkingStep step={step} />;
    case 'read':
      return <ReadStep step={step} />;
    case 'scan':
      return <ScanStep step={step} />;
    case 'result':
      return <ResultStep step={step} />;
    case 'take':
      return <TakeStep step={step} />;
    case 'rate':
      return <RateStep step={step} />;
    case 'still-there':
      return <StillThereStep step={step} />;
    case 'trouble':
      return <TroubleStep step={step} />;
    case 'out-of-service':
      return <OutOfServiceStep step={step} />;
  }
}
