import { useEffect, useState } from 'react';
import { useKiosk } from '../kiosk.tsx';
import { Emblem } from './icon.tsx';

/** Top of every screen: the hall, who is logged in, the line, the time. Nothing here can be pressed. */
export function TopBar() {
  const { header, words } = useKiosk();
  return (
    <div className="topbar">
      <Emblem />
      <div className="topbar-hall">
        <b>{header.hall}</b>
        <span>
          {header.terminal} · {words.hotline(header.hotline)}
        </span>
      </div>
      <div className="topbar-visitor">
        <b>{header.visitor ?? words.notLoggedIn}</b>
        <span>
          <i className={header.line.state === 'online' ? 'dot' : 'dot warn'} />
          {header.line.text}
        </span>
      </div>
      <Clock />
    </div>
  );
}

/** Hall time is China's, whatever the machine believes. */
const timeZone = 'Asia/Shanghai';

function Clock() {
  const { language, nowMs } = useKiosk();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  const now = new Date(nowMs());
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(now);
  const day = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
    weekday: language === 'zh' ? 'long' : 'short',
    timeZone,
  });
  return (
    <div className="topbar-time">
      <b>{time}</b>
      <span>
        {day
          .format(now)
          .replace(/(日)(星期)/, '$1 $2')
          .replace(',', '')}
      </span>
    </div>
  );
}
