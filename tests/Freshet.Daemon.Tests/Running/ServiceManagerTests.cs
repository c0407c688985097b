using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Running;

/// <summary>sd_notify, as its manual page describes it.</summary>
public class ServiceManagerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Messages_are_sent_to_the_socket_named_by_a_path_or_in_the_abstract_namespace(bool isAbstract)
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has systemd.");
        using TemporaryFolder folder = new();
        string name = isAbstract ? "@freshet-test-" + Guid.NewGuid() : folder["notify"];
        using Socket listener = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name));
        listener.ReceiveTimeout = (int)Patience.Bound.TotalMilliseconds;
        ServiceManager manager = ManagerOf(("NOTIFY_SOCKET", name));
        manager.Ready("Serving something");
        manager.Alive();
        manager.Stopping();
        Assert.Equal(["READY=1\nSTATUS=Serving something", "WATCHDOG=1", "STOPPING=1"], Enumerable.Range(0, 3).Select(_ => Read(listener)));
    }

    [Fact]
    public void A_sign_of_life_is_due_twice_in_the_time_that_the_manager_waits()
    {
        string mine = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(TimeSpan.FromSeconds(30), ManagerOf(("WATCHDOG_USEC", "60000000")).WatchdogInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), ManagerOf(("WATCHDOG_USEC", "2000000"), ("WATCHDOG_PID", mine)).WatchdogInterval);
        Assert.Null(ManagerOf(("WATCHDOG_USEC", "60000000"), ("WATCHDOG_PID", "1")).WatchdogInterval);
        Assert.Null(ManagerOf(("WATCHDOG_USEC", "soon")).WatchdogInterval);
        Assert.Null(ManagerOf(("WATCHDOG_USEC", "0")).WatchdogInterval);
        Assert.Null(ManagerOf().WatchdogInterval);
    }

    [Theory]
    [InlineData("/nowhere/notify")]
    [InlineData("relative")]
    [InlineData("")]
    public void A_manager_that_does_not_listen_causes_no_error(string name) => ManagerOf(("NOTIFY_SOCKET", name)).Ready("Serving");

    private static ServiceManager ManagerOf(params (string Name, string Value)[] environment) =>
        new(name => environment.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());

    private static string Read(Socket listener)
    {
        byte[] message = new byte[512];
        return Encoding.UTF8.GetString(message, 0, listener.Receive(message));
    }
}
