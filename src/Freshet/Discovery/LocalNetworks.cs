using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Local;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// The multicast groups of local discovery, on every interface that the binding allows. Receives on one socket per family, which is bound
/// to the group address, so that nobody farther away reaches it; sends on each interface separately. Used by one thread at a time, apart
/// from its callback.
/// </summary>
/// <param name="binding">Decides which interfaces may be used.</param>
/// <param name="onDatagram">Called with datagrams to a group, on any thread, several at once.</param>
internal sealed class LocalNetworks(NetworkBinding binding, Action<ReadOnlyMemory<byte>, IPEndPoint> onDatagram) : IDisposable
{
    private readonly List<Socket> _receiving = [];
    private ImmutableArray<(InterfaceInfo Network, AddressFamily Family)> _ways = [];
    private int _epoch = -1;

    /// <summary>The number of interfaces in use, counted per family.</summary>
    public int Count => _ways.Length;

    /// <summary>Receives on the current interfaces; does nothing if they have not changed.</summary>
    public void Renew()
    {
        bool isCut = binding.WhyCut(ref _epoch) is not null;
        ImmutableArray<(InterfaceInfo Network, AddressFamily Family)> ways = binding.Trouble is null ? FindWays() : [];
        if (!isCut && ways.Select(KeyOf).SequenceEqual(_ways.Select(KeyOf)))
            return;
        Close();
        _ways = ways;
        foreach (IGrouping<AddressFamily, (InterfaceInfo Network, AddressFamily)> family in ways.GroupBy(static way => way.Family))
        {
            if (TryReceive(family.Key, family.Select(static way => way.Network)) is not { } socket)
                continue;
            _receiving.Add(socket);
            _ = ReceiveAsync(socket);
        }
    }

    /// <summary>Sends an announcement on every interface in its family. Failures are ignored.</summary>
    public void Send(Func<AddressFamily, byte[]> announceOf)
    {
        foreach ((InterfaceInfo network, AddressFamily family) in _ways)
        {
            try
            {
                using Socket socket = binding.Open(family, SocketType.Dgram);
                Aim(socket, network, family);
                socket.SendTo(announceOf(family), new IPEndPoint(GroupOf(family), LocalAnnounce.Port));
            }
            catch (SocketException)
            {
                // The interface is going away, or has no multicast route.
            }
        }
    }

    public void Dispose() => Close();

    /// <summary>
    /// The number of errors in a row after another. A datagram that is too long is no fault of the socket, though on Windows it is
    /// reported as an error: anybody can send any number of them.
    /// </summary>
    public static int ErrorsAfter(int errors, SocketError error) => error == SocketError.MessageSize ? 0 : errors + 1;

    private static IPAddress GroupOf(AddressFamily family) =>
        family == AddressFamily.InterNetwork ? LocalAnnounce.GroupV4 : LocalAnnounce.GroupV6;

    // The properties whose change makes the system drop the group membership.
    private static (int, AddressFamily, IPAddress?) KeyOf((InterfaceInfo Network, AddressFamily Family) way) =>
        (way.Network.Index, way.Family, way.Network.Best(way.Family));

    private static void Aim(Socket socket, InterfaceInfo network, AddressFamily family)
    {
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, network.Index);
            return;
        }

        int address = BitConverter.ToInt32(network.Best(family)!.GetAddressBytes());
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, address);
    }

    private ImmutableArray<(InterfaceInfo Network, AddressFamily Family)> FindWays()
    {
        ImmutableArray<(InterfaceInfo, AddressFamily)>.Builder ways = ImmutableArray.CreateBuilder<(InterfaceInfo, AddressFamily)>();
        foreach (InterfaceInfo network in binding.ReadInterfaces())
        {
            foreach (AddressFamily family in binding.Families)
            {
                if (ways.Count < LocalLimits.MaxLocalNetworks && MayUse(network, family))
                    ways.Add((network, family));
            }
        }

        return ways.ToImmutable();
    }

    // Multicast on the loopback interface stays on this machine, which is only wanted if the session is bound to it.
    private bool MayUse(InterfaceInfo network, AddressFamily family)
    {
        IPAddress? address = network.Best(family);
        if (!network.IsUp || (address is null && !HasOnlyLinkLocal(network, family)))
            return false;
        if (binding.Target is null)
            return network.CanMulticast && !network.IsLoopback;
        return network.Addresses.Contains(binding.EndPointFor(family, 0).Address)
            || (network.IsLoopback && binding.IsLoopback && family == address?.AddressFamily);
    }

    // Good enough here, since whoever hears us knows by which interface.
    private static bool HasOnlyLinkLocal(InterfaceInfo network, AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 && network.Addresses.Any(static address => address.IsIPv6LinkLocal);

    private Socket? TryReceive(AddressFamily family, IEnumerable<InterfaceInfo> networks)
    {
        Socket? socket = null;
        try
        {
            socket = binding.OpenGroup(GroupOf(family), LocalAnnounce.Port);
            bool hasJoined = false;
            foreach (InterfaceInfo network in networks)
                hasJoined |= TryJoin(socket, network, family);
            if (hasJoined)
                return socket;
        }
        catch (SocketException)
        {
            // Another program holds the port exclusively: we still announce.
        }

        socket?.Dispose();
        return null;
    }

    // One network may be gone again, or be one more than the system allows for a socket (20 on Linux): the others are heard all the same.
    private static bool TryJoin(Socket socket, InterfaceInfo network, AddressFamily family)
    {
        try
        {
            if (family == AddressFamily.InterNetworkV6)
            {
                socket.SetSocketOption(
                    SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(LocalAnnounce.GroupV6, network.Index));
            }
            else
            {
                socket.SetSocketOption(
                    SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(LocalAnnounce.GroupV4, network.Index));
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[LocalLimits.MaxLocalAnnounceLength + 1];
        IPEndPoint any = new(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        int errors = 0;
        while (errors < LocalLimits.MaxLocalReceiveErrors)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any).ConfigureAwait(false);
                errors = 0;
                onDatagram(buffer.AsMemory(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint);
            }
            catch (SocketException e)
            {
                errors = ErrorsAfter(errors, e.SocketErrorCode);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Close()
    {
        _receiving.ForEach(static socket => socket.Dispose());
        _receiving.Clear();
        _ways = [];
    }
}
