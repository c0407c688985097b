using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace Freshet.Cli.Tests.Commands;

[UnsupportedOSPlatform("windows")]
public class DaemonServiceTests
{
    [Fact]
    public async Task A_service_manager_is_told_that_the_daemon_is_ready_lives_and_stops()
    {
        using TemporaryFolder folder = new();
        string path = folder["notify"];
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        using Process process = DaemonProcess.Start(folder, ("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "2000000"));
        try
        {
            string ready = await ReceiveAsync(manager);
            string url = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded())!;
            Assert.Equal($"READY=1\nSTATUS=Serving {url.Split('#')[0]}", ready);
            Assert.Equal("WATCHDOG=1", await ReceiveAsync(manager));
            Assert.Equal("WATCHDOG=1", await ReceiveAsync(manager));
            using Process kill = Process.Start("/bin/kill", ["-TERM", $"{process.Id}"]);
            string last = await ReceiveAsync(manager);
            while (last == "WATCHDOG=1")
                last = await ReceiveAsync(manager);
            Assert.Equal("STOPPING=1", last);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Bounded();
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static async Task<string> ReceiveAsync(Socket manager)
    {
        byte[] message = new byte[512];
        int length = await manager.ReceiveAsync(message, TestContext.Current.CancellationToken).AsTask().Bounded();
        return Encoding.UTF8.GetString(message, 0, length);
    }
}
