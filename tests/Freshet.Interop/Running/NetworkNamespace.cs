using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Interop.Running;

/// <summary>
/// A network of its own with a loopback interface, so that addresses can come and go; others can be joined to it by virtual cables.
/// <see cref="NextAddress"/> adds an interface with
/// addresses of the public Internet, which lead nowhere else: there is no way out. Gone when disposed of.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const string Interface = "swarm";

    private readonly string _name = $"freshet-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly bool _spreads;
    private int _addresses;

    private NetworkNamespace(bool spreads) => _spreads = spreads;

    /// <summary>What <c>ip netns</c> calls it.</summary>
    public string Name => _name;

    /// <summary>What runs a program in it.</summary>
    public IReadOnlyList<string> Runner => ["ip", "netns", "exec", _name];

    /// <summary>Makes one; null where that is not allowed.</summary>
    /// <param name="spreads">Whether each address is in a /24 of its own, as for lookups in the DHT, which count one node of a /24.</param>
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

    public bool AddAddress(string address) => Run("-n", _name, "address", "add", address, "dev", "lo");

    public bool RemoveAddress(string address) => Run("-n", _name, "address", "del", address, "dev", "lo");

    /// <summary>
    /// Another address, of 203.0.113.0/24 (RFC 5737): for programs that treat local addresses differently, as libtorrent, which runs no DHT
    /// on them. It is on an interface that is not the loopback's, which they look at as well.
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
            // With a default route every address can be sent to, though nothing ever arrives: nothing fails in its own way here.
            Require("-n", _name, "link", "set", Interface, "up");
            Require("-n", _name, "route", "add", "default", "dev", Interface);
        }

        return address;
    }

    /// <summary>Does what <c>ip</c> can do, in this network; false if it cannot.</summary>
    public bool Ip(params string[] arguments) => Run(["-n", _name, .. arguments]);

    /// <summary>Lays a cable from here to another network: an interface at each end, which are up, with their addresses.</summary>
    public bool Connect(string name, string address, NetworkNamespace other, string otherName, string otherAddress) =>
        Run("link", "add", name, "netns", _name, "type", "veth", "peer", "name", otherName, "netns", other._name)
        && AddAddress(address, name) && Ip("link", "set", name, "up")
        && other.AddAddress(otherAddress, otherName) && other.Ip("link", "set", otherName, "up")
        && (!address.Contains(':') || (LeadsToGroups() && other.LeadsToGroups()));

    // The kernel adds the way to groups of IPv6 some time after an interface is up, and libtorrent, which does not wait, hears none then.
    private bool LeadsToGroups() => SpinWait.SpinUntil(() => Ip("-6", "route", "get", "ff15::1"), TimeSpan.FromSeconds(10));

    /// <summary>Adds an address to an interface, which can be used at once: over IPv6 nobody is asked whether it is taken.</summary>
    public bool AddAddress(string address, string device) =>
        Ip(["address", "add", address, "dev", device, .. address.Contains(':') ? (string[])["nodad"] : []]);

    /// <summary>What makes HTTP connections from here to programs that run in it.</summary>
    public SocketsHttpHandler NewHttpHandler() => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            // A socket belongs to the network in which its thread was when it was made, so the thread, which moves there, is given up.
            Socket socket = await Task.Factory.StartNew(
                NewSocket, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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

    /// <summary>Puts a file in the place of one in <c>/etc</c> for the programs that are run in it from now on.</summary>
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

    private Socket NewSocket()
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
            // There is no such program.
            return false;
        }
    }
}
