using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Daemon.Running;

/// <summary>Reports the daemon's state to systemd (sd_notify): ready, alive, stopping. Does nothing without a service manager.</summary>
internal sealed class ServiceManager
{
    private readonly string? _socket;

    public ServiceManager(Func<string, string?> environment)
    {
        _socket = environment("NOTIFY_SOCKET") is { Length: > 1 } path && (path[0] is '/' or '@') ? path : null;

        // Half the manager's timeout, as it recommends; not if the watchdog is meant for another process.
        bool isMine = environment("WATCHDOG_PID") is not { Length: > 0 } pid
            || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isMine
            && long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long watch) && watch > 0)
            WatchdogInterval = TimeSpan.FromMicroseconds(watch / 2);
    }

    /// <summary>The interval of watchdog notifications; null if there is no watchdog.</summary>
    public TimeSpan? WatchdogInterval { get; }

    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    public void Alive() => Send("WATCHDOG=1");

    public void Stopping() => Send("STOPPING=1");

    private void Send(string message)
    {
        if (_socket is null)
            return;
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            string path = _socket[0] == '@' ? "\0" + _socket[1..] : _socket;
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // If the manager does not listen, there is nothing to do.
        }
    }
}
