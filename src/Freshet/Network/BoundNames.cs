using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Core.Names;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;

namespace Freshet.Network;

/// <summary>
/// Asks name servers by sockets of a binding. The system's resolver opens sockets of its own, which leave by whatever interface the routes
/// prefer and show everybody there the names of a user's trackers; so with a binding it is not asked, and it has no call for texts. The
/// name servers are those that the user names, otherwise those that the system is configured with. It blocks its caller, which is a thread
/// of a <see cref="NameLookups{T}"/>.
/// </summary>
/// <remarks>
/// Names of local networks, and of other systems than DNS (<see cref="LocalHosts.IsOutsideDns"/>), are never asked of public name servers.
/// Without a binding the system's resolver knows best what they are: it has search domains, mDNS and the names of containers. With one,
/// only a name server of a local network is asked for them that the user names.
/// </remarks>
internal sealed class BoundNames(NetworkBinding binding)
{
    private const int Rounds = 2;

    // Who answered last. A server that cannot be reached, such as that of another network, is then not waited for each time.
    private volatile IPEndPoint? _last;

    /// <summary>The name servers that the system is configured with; replaced in tests.</summary>
    public Func<IEnumerable<IPEndPoint>> Servers { get; init; } =
        () => (binding.Target is { } target ? NameServers.Read(target.InterfaceName) : NameServers.ReadOfSystem())
            .Select(static address => new IPEndPoint(address, NameServers.Port));

    /// <summary>The names that this machine knows by itself; replaced in tests.</summary>
    public HostsFile Hosts { get; init; } = HostsFile.OfSystem;

    /// <summary>The system's resolver; replaced in tests.</summary>
    public Func<string, IPAddress[]> OfSystem { get; init; } = Dns.GetHostAddresses;

    /// <summary>The clock by which servers are waited for.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a server may take for an answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(NetworkLimits.NameServerSeconds);

    /// <summary>Looks a host up: its IPv4 addresses, then those of IPv6, of the families that the binding allows.</summary>
    /// <exception cref="SocketException">There is no such host, or no server says.</exception>
    public IPAddress[] LookUp(string host)
    {
        if (Hosts.Find(host) is { Length: > 0 } known)
            return known;
        string name = ToAscii(host);
        if (!LocalHosts.IsOutsideDns(name))
            return AskInTurn(UsableServers(), server => AskForAddresses(server, name), Rounds);
        return binding.Target is null ? OfSystem(host) : AskInTurn(LocalServers(), server => AskForAddresses(server, name), Rounds);
    }

    /// <summary>
    /// The texts that the owner of a host publishes. Nobody is asked of a host that this machine knows by itself. Nothing waits for them
    /// that could not go on without, so each server is asked once.
    /// </summary>
    /// <exception cref="SocketException">No server says.</exception>
    public string[] FindTexts(string host)
    {
        if (Hosts.Find(host).Length > 0)
            return [];
        string name = ToAscii(host);
        return AskInTurn(UsableServers(), server => AskForTexts(server, name), rounds: 1);
    }

    private static string NameOf(IPEndPoint server) =>
        server.Port == NameServers.Port ? server.Address.ToString() : server.ToString();

    private static string ToAscii(string host)
    {
        try
        {
            return new IdnMapping().GetAscii(host);
        }
        catch (ArgumentException)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }
    }

    private T AskInTurn<T>(IPEndPoint[] servers, Func<IPEndPoint, T?> ask, int rounds)
        where T : class
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (IPEndPoint server in servers)
            {
                if (ask(server) is { } answer)
                {
                    _last = server;
                    return answer;
                }
            }
        }

        string from = binding.Target is null ? "" : $" from {binding.Target}";
        throw new SocketException(
            (int)SocketError.TryAgain, $"no name server answers{from}: {string.Join(", ", servers.Select(NameOf))}");
    }

    private void RequireAddress()
    {
        if (binding.Trouble is { } trouble)
            throw new SocketException((int)SocketError.NetworkDown, trouble);
    }

    private IPEndPoint[] LocalServers()
    {
        RequireAddress();
        IPEndPoint[] servers = Array.FindAll(
            [.. binding.NameServers], server => IsOfFamily(server) && AddressScopes.Of(server.Address) != AddressScope.Public);
        return servers.Length > 0 ? servers : throw new SocketException(
            (int)SocketError.HostNotFound,
            $"it is not a name of the internet, so the name servers that {binding.Target} reaches are not asked; write its address "
            + "instead, add it to the hosts file, or name a name server of the local network in the settings (--name-server)");
    }

    private IPEndPoint[] UsableServers()
    {
        RequireAddress();
        IPEndPoint[] servers =
        [
            .. (binding.NameServers.IsEmpty ? Servers().Where(Reaches) : binding.NameServers.Where(IsOfFamily))
                .Distinct().Take(NetworkLimits.MaxNameServers),
        ];
        if (servers.Length == 0)
        {
            throw new SocketException(
                (int)SocketError.TryAgain,
                binding.Target is null ? "no name server is configured"
                : $"no name server that {binding.Target} may reach is configured; name one in the settings (--name-server)");
        }

        int last = Array.IndexOf(servers, _last);
        return last > 0 ? [servers[last], .. servers[..last], .. servers[(last + 1)..]] : servers;
    }

    // Of a loopback address only this machine can be asked, and from others this machine not: its server asks by any interface.
    private bool Reaches(IPEndPoint server) => binding.Allows(server.AddressFamily)
        && (binding.Target is null || IPAddress.IsLoopback(server.Address) == binding.IsLoopback);

    // One of this machine that the user names is asked whatever the binding is: it never leaves this machine to be asked.
    private bool IsOfFamily(IPEndPoint server) => IPAddress.IsLoopback(server.Address) || binding.Allows(server.AddressFamily);

    // Null if the server does not say.
    private IPAddress[]? AskForAddresses(IPEndPoint server, string host)
    {
        List<byte[]> addresses = [];
        bool isAnswered = false;
        foreach (DnsRecord record in (DnsRecord[])[DnsRecord.AddressV4, DnsRecord.AddressV6])
        {
            if (!binding.Allows(record == DnsRecord.AddressV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork))
                continue;
            DnsOutcome outcome = Ask(server, NewQuery(host, record), addresses);
            if (outcome == DnsOutcome.NoSuchName && addresses.Count == 0)
                throw NotFound(server, SocketError.HostNotFound);
            isAnswered |= outcome == DnsOutcome.Found;
            if (outcome != DnsOutcome.Found && addresses.Count == 0)
                return null;
        }

        if (isAnswered && addresses.Count == 0)
            throw NotFound(server, SocketError.NoData);
        return addresses.Count > 0 ? [.. addresses.Select(static bytes => new IPAddress(bytes))] : null;
    }

    private string[]? AskForTexts(IPEndPoint server, string host)
    {
        List<byte[]> records = [];
        return Ask(server, NewQuery(host, DnsRecord.Text), records) is DnsOutcome.Found or DnsOutcome.NoSuchName
            ? [.. records.Select(static record => DnsAnswer.TextOf(record)).OfType<string>()]
            : null;
    }

    private SocketException NotFound(IPEndPoint server, SocketError error)
    {
        _last = server;
        return new SocketException((int)error);
    }

    private static DnsQuery NewQuery(string host, DnsRecord record) =>
        new((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), host, record);

    private DnsOutcome Ask(IPEndPoint server, DnsQuery query, List<byte[]> records)
    {
        DnsOutcome outcome = Ask(server, query, SocketType.Dgram, records);
        return outcome == DnsOutcome.Truncated ? Ask(server, query, SocketType.Stream, records) : outcome;
    }

    private DnsOutcome Ask(IPEndPoint server, DnsQuery query, SocketType type, List<byte[]> records)
    {
        try
        {
            // Its port is the system's choice, which is as hard to guess as the query's number.
            using Socket socket = Open(server, type);
            using ITimer patience = Time.CreateTimer(
                static socket => ((Socket)socket!).Dispose(), socket, Patience, Timeout.InfiniteTimeSpan);
            socket.Connect(server);
            return DnsConversation.Ask(socket, query, records);
        }
        catch (Exception e) when (e is SocketException { SocketErrorCode: not SocketError.HostNotFound } or ObjectDisposedException)
        {
            // It is not there, or takes too long.
            return DnsOutcome.Failed;
        }
    }

    // No packet to a loopback address leaves this machine, and a socket of an interface cannot send any there.
    private Socket Open(IPEndPoint server, SocketType type) => IPAddress.IsLoopback(server.Address) && !binding.IsLoopback
        ? binding.NewSocket(server.AddressFamily, type)
        : binding.Open(server.AddressFamily, type);
}
