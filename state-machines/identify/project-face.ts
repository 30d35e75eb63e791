import type { SnapshotFrom } from 'xstate';
import type { Choice, StepFrame } from '../contract/screen.ts';
import type { FacePrompt } from '../contract/words/face.ts';
import type { Language, Text } from '../contract/words/text.ts';
import { say, words } from '../copy.ts';
import type { Environment } from '../effects.ts';
import type { Projected, ScreenFacts } from '../steps/frame.ts';
import { endLabel, projectTrouble } from '../steps/frame.ts';
import type { Progress } from '../steps/project-step.ts';
import type { TroubleReason } from '../troubles.ts';
import type { createFace } from './face.ts';
import { poseMs } from './face.ts';
import { faceStanding } from './face-way.ts';
import type { FaceProblem } from './proofs.ts';

export type FaceSnapshot = SnapshotFrom<ReturnType<typeof createFace>>;

/** The screens of a face: the poses, being looked at, and what can go wrong; from there the way on is the password. */
export function projectFace(snapshot: FaceSnapshot, facts: ScreenFacts, progress: Progress): Projected {
  const { context } = snapshot;
  const { language } = facts;
  if (snapshot.matches('trouble') && context.trouble !== null) {
    const trouble = projectTrouble(context.trouble, context.turn, facts);
    // A visit that can only be ended is ended; everything else has the password left.
    if (trouble.kind !== 'trouble' || trouble.wayOn === undefined || trouble.wayOn.icon === 'end') return trouble;
    return {
      ...trouble,
      key: `face-${trouble.key}`,
      actions: [],
      wayOn: { label: say(faceWords.password, language), icon: 'lock' },
    };
  }
  const frame: Omit<StepFrame, 'id' | 'title'> = { ...endLabel(facts), ...(progress === null ? {} : { progress }) };
  if (context.envelope === null || snapshot.matches('beginning')) {
    return {
      ...frame,
      key: `face-beginning-${context.turn}`,
      kind: 'working',
      activity: 'check',
      title: say(faceWords.beginning, language),
      text: say(faceWords.beginningText, language),
    };
  }
  const isBusy = snapshot.matches('proving');
  const { problem, attemptsLeft } = context;
  return {
    ...frame,
    key: `face-${context.turn}`,
    kind: 'camera',
    title: say(faceWords.title, language),
    hint: say(faceWords.hint, language),
    ...(isBusy ? {} : { back: say(faceWords.backToPassword, language), endsAtMs: context.offAtMs }),
    who: { name: context.card.maskedName, number: context.card.maskedNumber },
    poses: context.prompts.map((prompt) => ({ prompt, text: say(poseWords[prompt], language) })),
    poseMs,
    ready: say(faceWords.ready, language),
    note: say(attemptsLeft === null ? faceWords.notKept : faceWords.left, language, { left: attemptsLeft ?? 0 }),
    ...(problem === null || isBusy ? {} : { problem: say(problemWords[problem], language) }),
    envelope: context.envelope,
    busy: isBusy,
    wayOn: { label: say(faceWords.begin, language), icon: 'person' },
  };
}

/** The choice of a face beside the password: null where this terminal or the centre takes none, and why not where the camera is out. */
export function faceChoice(environment: Environment, takesFace: boolean, language: Language): Choice | null {
  const standing = faceStanding(environment, takesFace);
  if (standing === null) return null;
  return {
    id: 'face',
    title: say(faceWords.choose, language),
    icon: 'person',
    ...(standing === 'open' ? {} : { blocked: say(blockedWords(standing), language) }),
  };
}

function blockedWords(reason: TroubleReason): Text {
  return reason === 'camera-busy' ? faceWords.cameraBusy : words.blockedCamera;
}

const faceWords = {
  choose: { zh: '刷脸，不用密码', en: 'Use your face instead' },
  cameraBusy: { zh: '摄像头正被占用', en: 'The camera is in use' },
  password: { zh: '用密码登录', en: 'Use the password' },
  backToPassword: { zh: '用密码', en: 'Password' },
  beginning: { zh: '正在准备摄像头', en: 'Preparing the camera' },
  beginningText: { zh: '马上就好', en: 'Just a moment' },
  title: { zh: '请看摄像头', en: 'Look at the camera' },
  hint: { zh: '把脸放进圈里，按提示做三个动作', en: 'Put your face in the oval and follow the prompts' },
  ready: { zh: '准备好了就按“开始”', en: 'Press “Start” when ready' },
  begin: { zh: '开始', en: 'Start' },
  notKept: {
    zh: '照片只用来核对这一次，加密送到中心，不保存。',
    en: 'The pictures are encrypted, checked once and not kept.',
  },
  left: {
    zh: '还可以试{left}次。照片不保存。都不行，可以用密码登录。',
    en: 'Tries left: {left}. Pictures are not kept. You can always use the password.',
  },
} as const satisfies Record<string, Text>;

const poseWords: Record<FacePrompt, Text> = {
  straight: { zh: '请正视前方', en: 'Look straight ahead' },
  left: { zh: '请慢慢向左转头', en: 'Turn your head to your left' },
  right: { zh: '请慢慢向右转头', en: 'Turn your head to your right' },
  up: { zh: '请慢慢抬头', en: 'Look up slowly' },
  near: { zh: '请靠近一点', en: 'Come a little closer' },
};

const problemWords: Record<FaceProblem, Text> = {
  different: {
    zh: '和登记的照片对不上，请摘下口罩、帽子再试',
    en: 'It does not match. Take off mask or hat and try again',
  },
  'not-live': {
    zh: '没有看到您按提示动，请跟着提示再做一次',
    en: 'You were not seen to move. Please follow the prompts',
  },
  unclear: { zh: '照片看不清，请离近一点、正对着光再试', en: 'The picture was not clear. Come closer, face the light' },
  stale: { zh: '时间久了，请重新来一次', en: 'That took a while; please try again' },
};
