using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Core.Names;

namespace Freshet.Network;

/// <summary>
/// Looks names up by sockets of a binding. The system's resolver opens sockets of its own, which leave by whatever interface the routes
/// prefer and show everybody there the names of a user's trackers; so with a binding it is not asked. The name servers are those that the
/// system is configured with. It blocks its caller, which is a thread of <see cref="NameResolver"/>.
/// </summary>
internal sealed class BoundNames(NetworkBinding binding)
{
    private const int Port = 53;
    private const int Rounds = 2;

    /// <summary>The name servers to ask, in turn; replaced in tests.</summary>
    public Func<IEnumerable<IPEndPoint>> Servers { get; init; } =
        () => NameServers.Read(binding.Target?.InterfaceName).Select(static address => new IPEndPoint(address, Port));

    /// <summary>How long a server may take for an answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(NetworkLimits.NameServerSeconds);

    /// <summary>Looks a host up: its IPv4 addresses, then those of IPv6, of the families that the binding allows.</summary>
    /// <exception cref="SocketException">There is no such host, or no server says.</exception>
    public IPAddress[] LookUp(string host)
    {
        if (HostsFile.Find(host) is { Length: > 0 } known)
            return known;
        if (binding.Trouble is { } trouble)
            throw new SocketException((int)SocketError.NetworkDown, trouble);
        string name = ToAscii(host);
        IPEndPoint[] servers = [.. Servers().Where(Reaches)];
        if (servers.Length == 0)
            throw new SocketException((int)SocketError.TryAgain, $"no name server that {binding.Target} may reach is configured");
        for (int round = 0; round < Rounds; round++)
        {
            foreach (IPEndPoint server in servers)
            {
                if (Ask(server, name) is { } addresses)
                    return addresses;
            }
        }

        throw new SocketException(
            (int)SocketError.TryAgain, $"no name server answers from {binding.Target}: {string.Join(", ", servers.Select(NameOf))}");
    }

    private static string NameOf(IPEndPoint server) => server.Port == Port ? server.Address.ToString() : server.ToString();

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

    // Of a loopback address only this machine can be asked, and from others this machine not: its server asks by any interface.
    private bool Reaches(IPEndPoint server) =>
        binding.Allows(server.AddressFamily) && IPAddress.IsLoopback(server.Address) == binding.IsLoopback;

    // Null if the server does not say.
    private IPAddress[]? Ask(IPEndPoint server, string host)
    {
        List<IPAddress> addresses = [];
        bool isAnswered = false;
        foreach (bool isV6 in (bool[])[false, true])
        {
            if (!binding.Allows(isV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork))
                continue;
            DnsQuery query = new((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), host, isV6);
            DnsOutcome outcome = Ask(server, query, SocketType.Dgram, addresses);
            if (outcome == DnsOutcome.Truncated)
                outcome = Ask(server, query, SocketType.Stream, addresses);
            if (outcome == DnsOutcome.NoSuchName && addresses.Count == 0)
                throw new SocketException((int)SocketError.HostNotFound);
            isAnswered |= outcome == DnsOutcome.Found;
            if (outcome != DnsOutcome.Found && addresses.Count == 0)
                return null;
        }

        if (isAnswered && addresses.Count == 0)
            throw new SocketException((int)SocketError.NoData);
        return addresses.Count > 0 ? [.. addresses] : null;
    }

    private DnsOutcome Ask(IPEndPoint server, DnsQuery query, SocketType type, List<IPAddress> addresses)
    {
        Span<byte> message = stackalloc byte[DnsLimits.MaxDatagram];
        if (!query.TryWrite(message, out int length))
            throw new SocketException((int)SocketError.HostNotFound);
        try
        {
            // Its port is the system's choice, which is as hard to guess as the query's number.
            using Socket socket = binding.Open(server.AddressFamily, type);
            using Timer patience = new(static socket => ((Socket)socket!).Dispose(), socket, Patience, Timeout.InfiniteTimeSpan);
            socket.Connect(server);
            return type == SocketType.Dgram
                ? Converse(socket, message[..length], query, addresses)
                : ConverseByStream(socket, message[..length], query, addresses);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is not there, or takes too long.
            return DnsOutcome.Failed;
        }
    }

    private static DnsOutcome Converse(Socket socket, ReadOnlySpan<byte> message, DnsQuery query, List<IPAddress> addresses)
    {
        socket.Send(message);
        Span<byte> answer = stackalloc byte[DnsLimits.MaxDatagram];
        DnsOutcome outcome;
        do
        {
            // What is too long for the buffer is an error, and no server sends it unasked.
            int received = socket.Receive(answer);
            outcome = DnsAnswer.Read(answer[..received], query, addresses);
        }
        while (outcome == DnsOutcome.NotTheAnswer);
        return outcome;
    }

    // Over TCP each message comes after its length (RFC 1035, 4.2.2).
    private static DnsOutcome ConverseByStream(Socket socket, ReadOnlySpan<byte> message, DnsQuery query, List<IPAddress> addresses)
    {
        byte[] framed = [(byte)(message.Length >> 8), (byte)message.Length, .. message];
        socket.Send(framed);
        byte[] prefix = new byte[2];
        Fill(socket, prefix);
        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length > DnsLimits.MaxMessage)
            return DnsOutcome.Failed;
        byte[] answer = new byte[length];
        Fill(socket, answer);
        return DnsAnswer.Read(answer, query, addresses);
    }

    private static void Fill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int received = socket.Receive(buffer);
            if (received == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            buffer = buffer[received..];
        }
    }
}
