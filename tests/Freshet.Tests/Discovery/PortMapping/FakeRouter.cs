using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.PortMapping;
using Freshet.Discovery.PortMapping;

namespace Freshet.Tests.Discovery.PortMapping;

/// <summary>
/// A router at an address of the loopback network, which speaks PCP, NAT-PMP or UPnP, and remembers who has which port. Its answers are
/// written by hand, after the RFCs and as miniupnpd writes them, not with the codecs under test.
/// </summary>
internal sealed class FakeRouter : IAsyncDisposable
{
    private static readonly byte[] ExternalBytes = [198, 51, 100, 9];

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _running = [];
    private Socket? _ssdp;
    private byte[] _described = [];
    private int _removals;

    public FakeRouter(string address) => Address = IPAddress.Parse(address);

    public IPAddress Address { get; }

    public static IPAddress External { get; } = new(ExternalBytes);

    /// <summary>Protocol (6 or 17) and external port, each with its internal port.</summary>
    public ConcurrentDictionary<(int Protocol, int External), int> Mappings { get; } = new();

    /// <summary>How many mappings it was asked to remove over PCP or NAT-PMP.</summary>
    public int Removals => Volatile.Read(ref _removals);

    /// <summary>Actions that were requested over UPnP.</summary>
    public ConcurrentQueue<string> Actions { get; } = new();

    /// <summary>Whether UPnP knows only permanent mappings, as many routers do.</summary>
    public bool OnlyPermanent { get; init; }

    /// <summary>
    /// How far the external ports that it maps over NAT-PMP are from the internal ones; 0 if it maps what it is asked for.
    /// </summary>
    public int Shift { get; init; }

    /// <summary>Where the description is said to be; null for where it really is.</summary>
    public string? Location { get; init; }

    /// <summary>The answer to an action of UPnP, and the protocol that the action names; null to answer as a router does.</summary>
    public Func<string, int, (string Status, string Body)?> Reply { get; init; } = static (_, _) => null;

    /// <summary>A stranger that answers each search before the router does.</summary>
    public FakeRouter? Stranger { get; init; }

    /// <summary>Sockets that answer each request before the router does, with mappings to <see cref="FalsePort"/>.</summary>
    public IReadOnlyList<Socket> Forgers { get; init; } = [];

    /// <summary>The port that only strangers map.</summary>
    public const ushort FalsePort = 9_999;

    public void SpeakPcp() => Answer(GatewayPort.Port, OnPcp);

    public void SpeakNatPmp() => Answer(GatewayPort.Port, OnNatPmp);

    public void SpeakUpnp()
    {
        Socket http = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        http.Bind(new IPEndPoint(Address, 0));
        http.Listen();
        _sockets.Add(http);
        int port = ((IPEndPoint)http.LocalEndPoint!).Port;
        _running.Add(ServeAsync(http));
        string location = Location ?? $"http://{Address}:{port}/rootDesc.xml";
        _described = Encoding.Latin1.GetBytes(
            "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
            + $"LOCATION: {location}\r\n\r\n");
        _ssdp = Answer(SsdpAnswer.Port, _ => _described);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _sockets.ForEach(static socket => socket.Dispose());
        await Task.WhenAll(_running).Bounded();
        _ending.Dispose();
    }

    private Socket Answer(int port, Func<byte[], byte[]?> answerTo)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(Address, port));
        _sockets.Add(socket);
        _running.Add(AnswerAsync(socket, answerTo));
        return socket;
    }

    private async Task AnswerAsync(Socket socket, Func<byte[], byte[]?> answerTo)
    {
        byte[] buffer = new byte[2_000];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(
                    buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                if (Stranger is { } stranger)
                    stranger._ssdp!.SendTo(stranger._described, received.RemoteEndPoint);
                if (answerTo(buffer[..received.ReceivedBytes]) is not { } answer)
                    continue;
                foreach (Socket forger in Forgers)
                    forger.SendTo(Forged(answer), received.RemoteEndPoint);
                await socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It ends.
        }
    }

    // The external port of PCP is in bytes 42 and 43, that of NAT-PMP in bytes 10 and 11.
    private static byte[] Forged(byte[] answer)
    {
        byte[] forged = [.. answer];
        int place = answer.Length == 60 ? 42 : 10;
        if (answer.Length > place)
            BinaryPrimitives.WriteUInt16BigEndian(forged.AsSpan(place), FalsePort);
        return forged;
    }

    private byte[]? OnPcp(byte[] request)
    {
        if (request.Length != 60 || request[0] != 2)
            return null;
        byte[] answer = [.. request];
        answer[1] = 129;
        answer.AsSpan(8, 16).Clear();
        answer[11] = 7;
        ushort external = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(42));
        Keep(request[36], external, BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(40)), request[4..8]);
        ExternalBytes.CopyTo(answer.AsSpan(56));
        answer[54] = answer[55] = 0xFF;
        return answer;
    }

    private byte[]? OnNatPmp(byte[] request)
    {
        if (request[0] != 0)
            return [0, (byte)(128 | request[1]), 0, 1, 0, 0, 0, 7];
        if (request.Length == 2)
            return [0, 128, 0, 0, 0, 0, 0, 7, .. ExternalBytes];
        ushort internalPort = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4));
        ushort external = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(6));
        if (external == 0 || Shift != 0)
            external = (ushort)(internalPort + Shift);
        Keep(request[1] == 1 ? 17 : 6, external, internalPort, request[8..12]);
        return [0, (byte)(128 | request[1]), 0, 0, 0, 0, 0, 7, .. request[4..6], (byte)(external >> 8), (byte)external, .. request[8..12]];
    }

    private void Keep(int protocol, int external, int internalPort, byte[] lifetime)
    {
        if (lifetime.Any(static value => value != 0))
        {
            Mappings[(protocol, external)] = internalPort;
            return;
        }

        Interlocked.Increment(ref _removals);
        Mappings.TryRemove((protocol, external), out _);
    }

    private async Task ServeAsync(Socket listening)
    {
        try
        {
            while (true)
            {
                using Socket socket = await listening.AcceptAsync(_ending.Token);
                byte[] buffer = new byte[16_384];
                string request = "";
                while (!IsWhole(request))
                {
                    int read = await socket.ReceiveAsync(buffer, SocketFlags.None, _ending.Token);
                    if (read == 0)
                        break;
                    request += Encoding.UTF8.GetString(buffer, 0, read);
                }

                (string status, string body) = AnswerTo(request);
                await socket.SendAsync(
                    Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"),
                    SocketFlags.None,
                    _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It ends.
        }
    }

    private static bool IsWhole(string request)
    {
        int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        int length = request.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        return end >= 0 && (length < 0 || request.Length - end - 4 >= int.Parse(request[(length + 16)..].Split('\r')[0]));
    }

    private (string Status, string Body) AnswerTo(string request)
    {
        if (request.StartsWith("GET /rootDesc.xml ", StringComparison.Ordinal))
        {
            return ("200 OK", "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><serviceList><service>"
                + "<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/ctl</controlURL></service>"
                + "</serviceList></device></root>");
        }

        string action = Between(request, "#", "\"");
        Actions.Enqueue(action);
        int protocol = Between(request, "<NewProtocol>", "<") == "TCP" ? 6 : 17;
        if (Reply(action, protocol) is { } reply)
            return reply;
        switch (action)
        {
            case "GetExternalIPAddress":
                return ("200 OK", $"<e><NewExternalIPAddress>{External}</NewExternalIPAddress></e>");
            case "AddPortMapping" when OnlyPermanent && Between(request, "<NewLeaseDuration>", "<") != "0":
                return ("500 Internal Server Error", "<e><detail><UPnPError><errorCode>725</errorCode></UPnPError></detail></e>");
            case "AddPortMapping":
                Mappings[(protocol, int.Parse(Between(request, "<NewExternalPort>", "<")))] =
                    int.Parse(Between(request, "<NewInternalPort>", "<"));
                return ("200 OK", "<e><AddPortMappingResponse/></e>");
            case "DeletePortMapping":
                Mappings.TryRemove((protocol, int.Parse(Between(request, "<NewExternalPort>", "<"))), out _);
                return ("200 OK", "<e><DeletePortMappingResponse/></e>");
            default:
                return ("400 Bad Request", "");
        }
    }

    private static string Between(string text, string left, string right)
    {
        int start = text.IndexOf(left, StringComparison.Ordinal);
        if (start < 0)
            return "";
        start += left.Length;
        return text[start..text.IndexOf(right, start, StringComparison.Ordinal)];
    }
}
