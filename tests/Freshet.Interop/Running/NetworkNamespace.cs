using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Interop.Running;

/// <summary>
/// A separate network with a loopback interface, where addresses can come and go, and which virtual cables can join to others.
/// <see cref="NextAddress"/> adds an interface with addresses of the public internet, which lead nowhere: there is no way out of the
/// network. It is removed when this is disposed.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const string Interface = "swarm";

    private readonly string _name = $"freshet-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly bool _spreads;
    private int _addresses;

    private NetworkNamespace(bool spreads) => _spreads = spreads;

    /// <summary>The name for <c>ip netns</c>.</summary>
    public string Name => _name;

    /// <summary>The command that runs a program in it.</summary>
    public IReadOnlyList<string> Runner => ["ip", "netns", "exec", _name];

    /// <summary>Creates one; returns null if that is not allowed.</summary>
    /// <param name="spreads">
    /// Whether each address is in a /24 of its own, as needed for lookups in the DHT, which count only one node of a /24.
    /// </param>
    public static NetworkNamespace? TryCreate(bool spreads = false)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return null;
        NetworkNamespace made = new(spreads);
        if (Run("netns", "add", made._name) && Run("-n", made._name, "link", "set", "lo", "up"))
            return made;
        made.Dispose();
        return null;
    }

    public bool AddAddress(string address) => AddAddress(address, "lo");

    public bool RemoveAddress(string address) => Run("-n", _name, "address", "del", address, "dev", "lo");

    /// <summary>
    /// Adds another address of 203.0.113.0/24 (RFC 5737), for programs that treat local addresses differently, such as libtorrent, which
    /// runs no DHT on them. It belongs to an interface other than loopback, since such programs look at that as well.
    /// </summary>
    public IPAddress NextAddress()
    {
        if (_addresses == 0)
            Require("-n", _name, "link", "add", Interface, "type", "bridge");
        byte number = checked((byte)++_addresses);
        IPAddress address = _spreads ? new([203, number, 113, 1]) : new([203, 0, 113, number]);
        Require("-n", _name, "address", "add", $"{address}/24", "dev", Interface);
        if (_addresses == 1)
        {
            // With a default route, datagrams can be sent to any address, though nothing ever arrives: then no send fails in a way of its
            // own.
            Require("-n", _name, "link", "set", Interface, "up");
            Require("-n", _name, "route", "add", "default", "dev", Interface);
        }

        return address;
    }

    /// <summary>Runs an <c>ip</c> command in this network; returns false if it fails.</summary>
    public bool Ip(params string[] arguments) => Run(["-n", _name, .. arguments]);

    /// <summary>Lays a cable from here to another network: an interface at each end, which is up and has an address.</summary>
    public bool Connect(string name, string address, NetworkNamespace other, string otherName, string otherAddress) =>
        Run("link", "add", name, "netns", _name, "type", "veth", "peer", "name", otherName, "netns", other._name)
        && AddAddress(address, name) && Ip("link", "set", name, "up")
        && other.AddAddress(otherAddress, otherName) && other.Ip("link", "set", otherName, "up")
        && (!address.Contains(':') || (LeadsToGroups() && other.LeadsToGroups()));

    // The kernel adds the route to IPv6 multicast groups some time after an interface is up, and libtorrent does not wait for it.
    private bool LeadsToGroups() => SpinWait.SpinUntil(() => Ip("-6", "route", "get", "ff15::1"), TimeSpan.FromSeconds(10));

    /// <summary>Adds an address to an interface. It can be used at once, since IPv6 does not check whether it is taken.</summary>
    public bool AddAddress(string address, string device) =>
        Ip(["address", "add", address, "dev", device, .. address.Contains(':') ? (string[])["nodad"] : []]);

    /// <summary>A handler for HTTP connections from here to programs in the network.</summary>
    public SocketsHttpHandler NewHttpHandler() => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            // A socket belongs to the network of the thread that created it. This thread moves there, and is not used for anything else.
            Socket socket = await Task.Factory.StartNew(
                OpenSocket, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>Replaces a file in <c>/etc</c> for programs that are started in the network from now on.</summary>
    public void Configure(string file, string text)
    {
        Directory.CreateDirectory(Configuration);
        File.WriteAllText(Path.Combine(Configuration, file), text + "\n");
    }

    public void Dispose()
    {
        Run("netns", "del", _name);
        if (Directory.Exists(Configuration))
            Directory.Delete(Configuration, recursive: true);
    }

    private string Configuration => $"/etc/netns/{_name}";

    /// <summary>A TCP socket in this network. The calling thread stays where it is.</summary>
    public Socket NewSocket() => Task.Factory.StartNew(
        OpenSocket, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();

    /// <summary>Moves an interface of the machine's network here.</summary>
    public bool Take(string device) => Run("link", "set", device, "netns", _name);

    private Socket OpenSocket()
    {
        using SafeFileHandle network = File.OpenHandle($"/run/netns/{_name}");
        if (NativeMethods.EnterNetwork(network) != 0)
            throw new InvalidOperationException($"the network {_name} cannot be entered");
        return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    }

    private static void Require(params string[] arguments)
    {
        if (!Run(arguments))
            throw new InvalidOperationException($"'ip {string.Join(' ', arguments)}' failed");
    }

    private static bool Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The program is not installed.
            return false;
        }
    }
}
