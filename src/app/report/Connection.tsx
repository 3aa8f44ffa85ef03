import { useReport } from './store';

/** What the page is connected to, as it is now. */
export function Connection() {
  const host = useReport((report) => report.host);
  return (
    <p className="connection" data-connected={host ?? 'nothing'}>
      {host
        ? <>Reading from <b>{host}</b>, because you pasted its address. Nothing is sent to it but the request.</>
        : <>Nothing is sent anywhere. Files are read on this machine, and the page may not connect to any other. <b>Connected to: nothing.</b></>}
    </p>
  );
}
