using System.Net;
using System.Net.Sockets;

namespace Freshet.Connections;

/// <summary>
/// Whether the machine has the one address that a session may use. If it goes, in the middle of a run, the system would send what is on
/// its way by any other interface that leads there, and show people where they did not want to be seen; so connections are to be ended, and
/// none made before it is back.
/// </summary>
/// <param name="address">The address; null for any, which is never lost.</param>
internal sealed class BindWatch(IPAddress? address)
{
    private TaskCompletionSource? _lost;

    /// <summary>What is wrong, in words; null if nothing is.</summary>
    public string? Trouble => Volatile.Read(ref _lost) is null ? null : $"{address} is no address of this machine any more";

    /// <summary>Complete while the address is there; else when it is back.</summary>
    public Task Back => Volatile.Read(ref _lost)?.Task ?? Task.CompletedTask;

    /// <summary>Looks whether the address is there; whether that is news. Called from any thread, every second or when something failed.</summary>
    public bool Check()
    {
        if (address is null)
            return false;
        if (!IsHere(address))
            return Interlocked.CompareExchange(ref _lost, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null) is null;
        if (Interlocked.Exchange(ref _lost, null) is not { } lost)
            return false;
        lost.SetResult();
        return true;
    }

    private static bool IsHere(IPAddress address)
    {
        try
        {
            // Nothing is sent: to have a port of it is enough.
            using Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException e)
        {
            // Of other trouble, as when there are no more handles, it says nothing.
            return e.SocketErrorCode != SocketError.AddressNotAvailable;
        }
    }
}
