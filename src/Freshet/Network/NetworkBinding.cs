using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// The one local address that a session may use, or any; everything that opens a socket opens it here. It fails closed: a socket is bound
/// to the address or is not there at all. If the machine loses the address in the middle of a run, the system would send what is on its
/// way by any other interface that leads there, and show people where they did not want to be seen; so connections are to be ended, and
/// none is made before it is back.
/// </summary>
/// <param name="address">The address; null for any, which is never lost.</param>
internal sealed class NetworkBinding(IPAddress? address = null)
{
    private TaskCompletionSource? _lost;

    /// <summary>The address; null for any.</summary>
    public IPAddress? Address { get; } = address;

    /// <summary>How names become addresses. Its queries go as the system is set up.</summary>
    public NameResolver Names { get; init; } = new();

    /// <summary>Makes sockets that are not bound yet; the system's, unless a test has another idea.</summary>
    public Func<AddressFamily, SocketType, Socket> NewSocket { get; init; } = static (family, type) =>
        new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);

    /// <summary>What is wrong, in words; null if nothing is.</summary>
    public string? Trouble => Volatile.Read(ref _lost) is null ? null : $"{Address} is not an address of this machine any more";

    /// <summary>Complete while the address is there; otherwise when it is back.</summary>
    public Task Back => Volatile.Read(ref _lost)?.Task ?? Task.CompletedTask;

    /// <summary>Whether sockets of a family may be opened.</summary>
    public bool Allows(AddressFamily family) => Address is null || Address.AddressFamily == family;

    /// <summary>The families that sockets may be opened of, as far as the system has them; that of the address in any case.</summary>
    public IReadOnlyList<AddressFamily> Families =>
        Address is not null ? [Address.AddressFamily]
        : Socket.OSSupportsIPv6 && Socket.OSSupportsIPv4 ? [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6]
        : Socket.OSSupportsIPv6 ? [AddressFamily.InterNetworkV6]
        : [AddressFamily.InterNetwork];

    /// <summary>Where to listen, or to receive, over a family.</summary>
    public IPEndPoint EndPointFor(AddressFamily family, int port) =>
        new(Address ?? (family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any), port);

    /// <summary>The addresses of a host that sockets may be opened for, in the order in which they should be tried.</summary>
    /// <returns>At least one address, or none and why, in words.</returns>
    public async Task<(IPAddress[] Addresses, string? Failure)> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] addresses = await Names.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
            IPAddress[] usable = Array.FindAll(addresses, address => Allows(address.AddressFamily));
            if (usable.Length > 0)
                return (usable, null);
            return ([], $"The host {host} has no address" + (Address is null ? "." : $" that can be reached from {Address}."));
        }
        catch (SocketException e)
        {
            return ([], $"The host {host} was not found: {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Opens a socket, bound to the address if there is one, with a port that the system chooses.</summary>
    /// <exception cref="SocketException">
    /// The family is not that of the address, the machine has not got the address, or the system gives no socket.
    /// </exception>
    public Socket Open(AddressFamily family, SocketType type)
    {
        RequireUsable(family);
        Socket socket = NewSocket(family, type);
        try
        {
            if (Address is not null)
                socket.Bind(new IPEndPoint(Address, 0));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a socket for a port of the address, or of all addresses of a family.</summary>
    /// <exception cref="SocketException">As of <see cref="Open"/>, or the port is taken or not allowed.</exception>
    public Socket OpenAt(AddressFamily family, SocketType type, int port)
    {
        RequireUsable(family);
        Socket socket = NewSocket(family, type);
        try
        {
            // So that an IPv4 socket can have the same port, and addresses come as what they are.
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(EndPointFor(family, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Checks whether the address is there; true if that has changed. May be called from any thread, every second or when something failed.
    /// </summary>
    public bool Check()
    {
        if (Address is null)
            return false;
        if (!IsHere())
        {
            TaskCompletionSource lostNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Interlocked.CompareExchange(ref _lost, lostNow, null) is null;
        }

        if (Interlocked.Exchange(ref _lost, null) is not { } lost)
            return false;
        lost.SetResult();
        return true;
    }

    private void RequireUsable(AddressFamily family)
    {
        const SocketError OtherFamily = SocketError.AddressFamilyNotSupported;
        if (!Allows(family))
            throw new SocketException((int)OtherFamily, $"{Address} does not reach addresses of the other family.");
        if (Trouble is { } trouble)
            throw new SocketException((int)SocketError.AddressNotAvailable, trouble + ".");
    }

    private bool IsHere()
    {
        try
        {
            // Nothing is sent: to have a port of it is enough.
            using Socket socket = NewSocket(Address!.AddressFamily, SocketType.Dgram);
            socket.Bind(new IPEndPoint(Address, 0));
            return true;
        }
        catch (SocketException e)
        {
            // Of other trouble, as when there are no more handles, it says nothing.
            return e.SocketErrorCode != SocketError.AddressNotAvailable;
        }
    }
}
