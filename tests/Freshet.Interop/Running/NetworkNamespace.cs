using System.Diagnostics;

namespace Freshet.Interop.Running;

/// <summary>
/// A network of its own, with a loopback interface and nothing else, so that addresses can come and go. Gone when disposed of.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private readonly string _name = $"freshet-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    private NetworkNamespace()
    {
    }

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
