using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Freshet.Tests.Network;

/// <summary>
/// A thread with a network of its own: a loopback interface and nothing else, so that addresses can come and go. Sockets that are created
/// on it belong to that network, whoever uses them afterwards. The network is gone when the thread ends.
/// </summary>
internal sealed partial class NamespaceThread : IDisposable
{
    private const int NewNetwork = 0x40000000;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private bool _isThere;

    private NamespaceThread()
    {
        _thread = new Thread(() =>
        {
            foreach (Action action in _work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Creates one; the test is skipped if that is not allowed, or if the program <c>ip</c> is missing.</summary>
    public static NamespaceThread CreateOrSkip()
    {
        Requires.That(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can create a network namespace, and only on Linux.");
        NamespaceThread made = new();
        made._isThere = made.Run(() => Unshare(NewNetwork) == 0) && made.Ip("link", "set", "lo", "up");
        if (made._isThere)
            return made;
        made.Dispose();
        Requires.Skip("Network namespaces cannot be created on this machine, or iproute2 is not installed.");
        return made;
    }

    /// <summary>Adds an address that can be used at once: otherwise an IPv6 address would be tentative first.</summary>
    public void AddAddress(string address) =>
        Assert.True(address.Contains(':', StringComparison.Ordinal)
            ? Ip("address", "add", address, "dev", "lo", "nodad")
            : Ip("address", "add", address, "dev", "lo"));

    /// <summary>Sets how many bytes the loopback interface carries in one piece, with headers.</summary>
    public void SetMtu(int bytes) => Assert.True(Ip("link", "set", "lo", "mtu", bytes.ToString(CultureInfo.InvariantCulture)));

    public void RemoveAddress(string address) => Assert.True(Ip("address", "del", address, "dev", "lo"));

    /// <summary>Writes a setting of the network, such as <c>net/ipv4/ip_nonlocal_bind</c>.</summary>
    public void Configure(string setting, string value) => Run(() =>
    {
        File.WriteAllText($"/proc/sys/{setting}", value);
        return true;
    });

    public Socket NewSocket(AddressFamily family, SocketType type) =>
        Run(() => new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp));

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);

    private bool Ip(params string[] arguments) => Run(() =>
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
    });

    private T Run<T>(Func<T> function)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }
}
