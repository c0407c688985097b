using System.Net.Sockets;

namespace Freshet.Interop.Tests;

/// <summary>
/// The system has few file handles to give. A runtime that gets none at all cannot start a thread, and ends the process; so it must not
/// come to that, whatever peers do.
/// </summary>
public class HandleShortageTests : InteropTest
{
    [Fact]
    public Task More_peers_than_there_are_handles_do_no_harm() => CaseAsync(async () =>
    {
        Requires.That(OperatingSystem.IsLinux(), "prlimit exists only on Linux.");
        SampleTorrent torrent = SampleTorrents.ManyFiles(Work);
        FreshetClient seed = Own(new FreshetClient(Work) { Runner = ["prlimit", "--nofile=160:160"] });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        List<Socket> strangers = [];
        for (int i = 0; i < 300; i++)
        {
            strangers.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await strangers[^1].ConnectAsync(seed.EndPoint, TestContext.Current.CancellationToken);
        }

        FreshetClient freshet = NewFreshet(seed.EndPoint);
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        strangers.ForEach(stranger => stranger.Dispose());
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        Assert.DoesNotContain(seed.Warnings, warning => warning.Contains("handles", StringComparison.Ordinal));
        Assert.Equal(0, await seed.InterruptAsync());
    });
}
