using System.Net;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Transfers;

public sealed class TransferRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_failed_torrent_whose_stop_cannot_be_recorded_does_not_end_the_seeding_of_the_others()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        CapturedStreams streams = new();
        JsonReporter reporter = new(streams, TimeProvider.System);
        await using Session session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = _folder.Path,
                StateFolder = _folder["state"],
                ListenPort = 0,
                BindAddress = IPAddress.Loopback,
            },
            token);
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(token);
        TransferRun run = new(session, reporter);
        InfoHash failing = await AddAsync(run, 30_000);
        await AddAsync(run, 50_000);
        run.CompletionCheck = transfer => transfer.Torrent.InfoHash == failing ? "It is of no use." : null;

        // A folder in the place of the record's next version: nothing more can be recorded of this torrent.
        Directory.CreateDirectory(_folder[$"state/{failing}.resume.tmp"]);
        using CancellationTokenSource interruption = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task running = run.RunAsync(events, seed: true, interruption.Token);
        await Patience.Until(() => running.IsCompleted || streams.OutText.Contains("cannot be recorded", StringComparison.Ordinal));
        await Patience.Until(() => running.IsCompleted || streams.OutText.Contains("\"seeding\"", StringComparison.Ordinal));
        Assert.False(running.IsCompleted);
        Assert.True(run.HasFailed);
        await interruption.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Bounded());
    }

    private async Task<InfoHash> AddAsync(TransferRun run, int length)
    {
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([($"{length}/file", length)]);
        SampleTorrent.WriteFiles(_folder, files);
        await run.AddAsync(
            new PlannedTransfer(TorrentSource.Bytes(torrent), TestTorrents.Read(torrent), new TorrentOptions()),
            TestContext.Current.CancellationToken);
        return run.Transfers[^1].Torrent.InfoHash;
    }
}
