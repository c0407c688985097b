using System.Diagnostics;
using Freshet.Api;

namespace Freshet.Cli.Tests.Commands;

public class DaemonKillTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task A_daemon_that_is_killed_while_it_is_changed_has_lost_nothing_that_it_acknowledged()
    {
        using TemporaryFolder folder = new();
        Dictionary<string, string> labels = [];
        int connections = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using Process process = DaemonProcess.Start(folder);
            using DaemonClient daemon = await DaemonProcess.ConnectAsync(process);
            Dictionary<string, string> found = (await daemon.ListAsync(cancellationToken: TestContext.Current.CancellationToken))
                .ToDictionary(torrent => torrent.Hash, torrent => torrent.Labels.SingleOrDefault() ?? "");
            Assert.All(labels, acknowledged => Assert.Equal(acknowledged.Value, found[acknowledged.Key]));
            if (connections > 0)
                Assert.InRange((await ChangeAsync(daemon, null)).MaxConnections, connections, connections + 1);
            Task writing = WriteAsync(daemon, round, labels, value => connections = value);
            await Patience.Until(() => writing.IsCompleted || labels.Count >= (round + 1) * 20);
            if (writing.IsCompleted)
                await writing;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Assert.ThrowsAnyAsync<DaemonException>(() => writing);
        }

        Assert.True(labels.Count >= Rounds * 20);
    }

    private static async Task WriteAsync(DaemonClient daemon, int round, Dictionary<string, string> labels, Action<int> onConnections)
    {
        for (int i = 0; ; i++)
        {
            string hash = $"{(round * 100_000) + i:x40}";
            TorrentItem added = await daemon.AddAsync(new AddTorrent { Source = hash, Start = false, Labels = ["new"] });
            Assert.Equal(hash, added.Hash);
            BulkResult result = await daemon.BulkAsync(new BulkRequest
            {
                Action = BulkAction.Change,
                Hashes = [hash],
                Change = new TorrentChange { Labels = [$"label-{round}-{i}"] },
            });
            Assert.Equal(1, result.Done);
            labels[hash] = $"label-{round}-{i}";
            int wanted = 100 + (round * 10_000) + i;
            onConnections((await ChangeAsync(daemon, wanted)).MaxConnections);
        }
    }

    private static Task<SessionSettings> ChangeAsync(DaemonClient daemon, int? connections) =>
        daemon.ChangeAsync(new SessionChange { MaxConnections = connections }, TestContext.Current.CancellationToken);
}
