using System.Diagnostics;

namespace Freshet.Interop.Running;

/// <summary>
/// A network of its own, with a loopback interface and nothing else, so that addresses can come and go; others can be joined to it by
/// virtual cables. Gone when disposed of.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private readonly string _name = $"freshet-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    private NetworkNamespace()
    {
    }

    /// <summary>What <c>ip netns</c> calls it.</summary>
    public string Name => _name;

    /// <summary>What runs a program in it.</summary>
    public IReadOnlyList<string> Runner => ["ip", "netns", "exec", _name];

    /// <summary>Makes one; null where that is not allowed.</summary>
    public static NetworkNamespace? TryCreate()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return null;
        NetworkNamespace made = new();
        if (Run("netns", "add", made._name) && Run("-n", made._name, "link", "set", "lo", "up"))
            return made;
        made.Dispose();
        return null;
    }

    public bool AddAddress(string address) => Run("-n", _name, "address", "add", address, "dev", "lo");

    public bool RemoveAddress(string address) => Run("-n", _name, "address", "del", address, "dev", "lo");

    /// <summary>Does what <c>ip</c> can do, in this network; false if it cannot.</summary>
    public bool Ip(params string[] arguments) => Run(["-n", _name, .. arguments]);

    /// <summary>Lays a cable from here to another network: an interface at each end, which are up, with their addresses.</summary>
    public bool Connect(string name, string address, NetworkNamespace other, string otherName, string otherAddress) =>
        Run("link", "add", name, "netns", _name, "type", "veth", "peer", "name", otherName, "netns", other._name)
        && Ip("address", "add", address, "dev", name) && Ip("link", "set", name, "up")
        && other.Ip("address", "add", otherAddress, "dev", otherName) && other.Ip("link", "set", otherName, "up");

    public void Dispose() => Run("netns", "del", _name);

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
