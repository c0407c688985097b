using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A machine whose only way out leads to the machine of a proxy, where everybody else is as well, under names that only the proxy can look
/// up. Everything there could also be reached directly; sniffers on all interfaces see whether it is.
/// </summary>
internal sealed class ProxiedNetwork : IAsyncDisposable
{
    /// <summary>The address of the first machine.</summary>
    public static readonly IPAddress Own = IPAddress.Parse("10.70.0.2");

    /// <summary>
    /// The address of everybody else but the proxy: of trackers, web seeds and peers. It is a public one, so that a torrent may name it.
    /// </summary>
    public static readonly IPAddress World = IPAddress.Parse("11.99.0.1");

    private const int ProxyPort = 1080;

    private static readonly IPAddress Proxy = IPAddress.Parse("10.70.0.1");
    private static readonly IPAddress WorldV6 = IPAddress.Parse("fd99::1");

    private readonly string _work;
    private readonly string _program;
    private PacketSniffer? _way;
    private PacketSniffer? _local;
    private PacketSniffer? _world;
    private ChildProcess? _proxy;

    private ProxiedNetwork(string work, string program, NetworkNamespace near, NetworkNamespace far)
    {
        (_work, _program, Near, Far) = (work, program, near, far);
        far.Configure("hosts", $"127.0.0.1 localhost\n{World} tracker.test web.test node.test");
        near.Configure("hosts", "127.0.0.1 localhost");
        near.Configure("resolv.conf", $"nameserver {World}\noptions timeout:1 attempts:1");
        Assert.True(near.Connect("way", $"{Own}/24", far, "way", $"{Proxy}/24"));
        Assert.True(far.AddAddress($"{World}/32") && near.Ip("route", "add", "default", "via", $"{Proxy}"));

        // No peer is reachable only over IPv6, but whatever is sent to everybody could leave this way.
        Assert.True(near.Ip("address", "add", "fd70::2/64", "dev", "way", "nodad") && far.AddAddress($"{WorldV6}/128"));
        Assert.True(far.Ip("address", "add", "fd70::1/64", "dev", "way", "nodad"));
        Assert.True(near.Ip("route", "add", "default", "via", "fd70::1"));
    }

    /// <summary>The first machine.</summary>
    public NetworkNamespace Near { get; }

    /// <summary>The machine of the proxy and of everybody else.</summary>
    public NetworkNamespace Far { get; }

    /// <summary>Whether the proxy relays datagrams.</summary>
    public bool Relays => _program == "danted";

    /// <summary>The proxy's URL.</summary>
    public string Url => $"{(Relays ? "socks5" : "http")}://{Proxy}:{ProxyPort}";

    /// <summary>What passed the only way out, since <see cref="Sniff"/>.</summary>
    public IReadOnlyCollection<PacketSniffer.Packet> OnTheWay => _way!.Packets;

    /// <summary>What the proxy and others exchanged, since <see cref="Sniff"/>.</summary>
    public IReadOnlyCollection<PacketSniffer.Packet> InTheWorld => _world!.Packets;

    /// <summary>Makes the two machines and starts the proxy; the test is skipped where that is not possible.</summary>
    /// <param name="work">A folder for configurations.</param>
    /// <param name="program"><c>danted</c> or <c>tinyproxy</c>.</param>
    public static ProxiedNetwork Start(string work, string program)
    {
        Requires.That(File.Exists($"/usr/sbin/{program}") || File.Exists($"/usr/bin/{program}"), $"{program} is not installed.");
        NetworkNamespace? near = NetworkNamespace.TryCreate();
        NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        ProxiedNetwork made = new(work, program, near, far);
        made.StartProxy();
        return made;
    }

    /// <summary>Starts the proxy, which was stopped.</summary>
    public void StartProxy() => _proxy = StartFar(Relays ? Dante() : Tinyproxy());

    /// <summary>Stops the proxy, and waits until its last process has left its port.</summary>
    /// <param name="patience">How long it may take.</param>
    public async Task StopProxyAsync(TimeSpan patience)
    {
        await _proxy!.DisposeAsync();

        // What it has forked relays on for some seconds.
        string[] left = (await ChildProcess.RunAsync(_work, ["ip", "netns", "pids", Far.Name])).Split();
        foreach (Process process in Process.GetProcessesByName(_program).Where(process => left.Contains($"{process.Id}")))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await UntilAsync(() => !IsListening(Proxy, ProxyPort), patience, "the proxy has left its port");
    }

    /// <summary>Waits until somebody in the world listens at each of some ports.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="ports">The ports.</param>
    public async Task UntilListeningAsync(TimeSpan patience, params int[] ports)
    {
        foreach (int port in ports)
            await UntilAsync(() => IsListening(World, port), patience, $"port {port} is listened at");
    }

    /// <summary>Starts a program on the machine of the proxy.</summary>
    public ChildProcess StartFar(params IEnumerable<string> command) => ChildProcess.Start(_work, [.. Far.Runner, .. command]);

    /// <summary>Starts to sniff.</summary>
    public void Sniff()
    {
        _way = PacketSniffer.Start(Near, "way");
        _local = PacketSniffer.Start(Near, "lo");
        _world = PacketSniffer.Start(Far, "lo");
    }

    /// <summary>Requires that the sniffers have seen the proxy, and nobody else.</summary>
    public void RequireProxyOnly()
    {
        Assert.All(OnTheWay, packet => Assert.True(IsOfProxy(packet), packet.ToString()));
        Assert.Contains(OnTheWay, packet => packet.Protocol == ProtocolType.Tcp);
        Assert.Empty(_local!.Packets);
    }

    /// <summary>
    /// Requires that the sniffers would have seen somebody else: a datagram over either family, and the question for a name.
    /// </summary>
    /// <param name="patience">How long it may take.</param>
    public async Task RequireSightAsync(TimeSpan patience)
    {
        using Process process = Process.Start("ip", ["netns", "exec", Near.Name, "bash", "-c",
            $"echo > /dev/udp/{World}/9; echo > /dev/udp/{WorldV6}/9; getent hosts nobody.test"]);
        await process.WaitForExitAsync();
        await UntilAsync(() => OnTheWay.Any(packet => packet.To.Equals(WorldV6)), patience, "a datagram over IPv6 is seen");
        await UntilAsync(() => OnTheWay.Any(packet => packet.ToPort == 9), patience, "a datagram is seen");
        await UntilAsync(() => OnTheWay.Any(packet => packet.ToPort == 53), patience, "the question for a name is seen");
    }

    /// <summary>Whether the proxy, or somebody else in the world, has sent something to a port there.</summary>
    public bool WasReached(ProtocolType protocol, int port) =>
        InTheWorld.Any(packet => packet.Protocol == protocol && packet.ToPort == port);

    /// <summary>Whether the first machine has sent something to a port in the world, other than through the proxy.</summary>
    public bool WasReachedDirectly(ProtocolType protocol, int port) =>
        OnTheWay.Any(packet => packet.To.Equals(World) && packet.Protocol == protocol && packet.ToPort == port);

    public async ValueTask DisposeAsync()
    {
        await _proxy!.DisposeAsync();
        foreach (PacketSniffer? sniffer in (PacketSniffer?[])[_way, _local, _world])
            sniffer?.Dispose();
        Near.Dispose();
        Far.Dispose();
    }

    private static Task UntilAsync(Func<bool> holds, TimeSpan patience, string what) =>
        Wait.UntilAsync(() => Task.FromResult(holds()), patience, () => what);

    private bool IsListening(IPAddress address, int port)
    {
        using Process look = Process.Start(
            "ip", ["netns", "exec", Far.Name, "bash", "-c", $"exec 2>/dev/null; : < /dev/tcp/{address}/{port}"]);
        look.WaitForExit();
        return look.ExitCode == 0;
    }

    private static bool IsOfProxy(PacketSniffer.Packet packet)
    {
        bool isTo = packet.To.Equals(Proxy);
        return (isTo ? packet.From : packet.To).Equals(Own) && (isTo || packet.From.Equals(Proxy))
            && (packet.Protocol == ProtocolType.Udp
                || (packet.Protocol == ProtocolType.Tcp && (isTo ? packet.ToPort : packet.FromPort) == ProxyPort));
    }

    /// <summary>The proxy's ports from which datagrams were relayed, or to which they were sent.</summary>
    /// <remarks>What it wraps may have become too long for one packet, of which only the first part has ports.</remarks>
    public IReadOnlyList<int> RelayPorts =>
    [
        .. OnTheWay.Where(packet => packet.Protocol == ProtocolType.Udp && packet.FromPort != 0)
            .Select(packet => packet.From.Equals(Proxy) ? packet.FromPort : packet.ToPort).Distinct(),
    ];

    // Its children outlive it for a moment, and must not hold its output open.
    private string[] Dante()
    {
        string configuration = Configure($$"""
            logoutput: /dev/null
            internal: {{Proxy}} port = {{ProxyPort}}
            external: {{World}}
            clientmethod: none
            socksmethod: none
            client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            """);
        return ["sh", "-c", $"exec danted -f {configuration} -p {Path.Combine(_work, "proxy.pid")} > /dev/null 2>&1"];
    }

    private string[] Tinyproxy() =>
        ["tinyproxy", "-d", "-c", Configure($"Port {ProxyPort}\nListen {Proxy}\nTimeout 60\nLogLevel Critical")];

    private string Configure(string text)
    {
        string path = Path.Combine(_work, "proxy.conf");
        File.WriteAllText(path, text + "\n");
        return path;
    }
}
