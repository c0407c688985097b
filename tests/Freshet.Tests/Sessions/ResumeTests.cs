using System.Net;
using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Tests.Sessions;

/// <summary>What a session believes about its data at a start, whatever has happened to record and data since the last one.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_that_is_deleted_while_it_is_seeded_is_missed_at_the_next_start()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000, 50_000);
        sample.WriteTo(_folder["data"]);
        await using (Session first = await StartAsync())
        {
            await CompleteAsync(first, sample);
            Directory.Delete(_folder["data/sample"], recursive: true);
        }

        await using Session second = await StartAsync();
        Torrent torrent = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => torrent.Completion.WaitAsync(Patience, Token));
        Assert.Contains("mounted", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_is_replaced_while_it_is_seeded_is_checked_at_the_next_start()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        await using (Session first = await StartAsync())
        {
            await CompleteAsync(first, sample);
            File.Delete(_folder["data/sample/0/file 0"]);
            File.WriteAllBytes(_folder["data/sample/0/file 0"], new byte[300_000]);
        }

        await using Session second = await StartAsync();
        await AssertNothingIsBelievedAsync(second, sample);
    }

    [Fact]
    public async Task A_check_that_a_stop_ends_early_is_done_at_the_next_start()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 48_000_000);
        sample.WriteTo(_folder["data"]);

        // The check may be over before the stop; then it is tried once more from the beginning.
        bool isUnfinished = false;
        for (int attempt = 0; !isUnfinished; attempt++)
        {
            Assert.True(attempt < 50, "No stop came in time.");
            if (Directory.Exists(_folder["state"]))
                Directory.Delete(_folder["state"], recursive: true);
            await using Session first = await StartAsync();
            Torrent torrent = await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await torrent.StopAsync(Token);
            isUnfinished = torrent.Status.PiecesHave < torrent.Status.PieceCount;
        }

        await using Session second = await StartAsync();
        await CompleteAsync(second, sample);
    }

    [Fact]
    public async Task Data_that_was_touched_is_not_trusted_even_if_its_check_is_killed()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        await using (Session first = await StartAsync())
            await CompleteAsync(first, sample);

        // Somebody has touched the data: the check that begins now would find out, but it is not allowed to get that far.
        File.WriteAllBytes(_folder["data/sample/0/file 0"], new byte[300_000]);
        await using (Session second = await StartAsync())
        {
            await second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            CopyState("state", "state at the kill");
        }

        await using Session third = await StartAsync("state at the kill");
        await AssertNothingIsBelievedAsync(third, sample);
    }

    [Fact]
    public async Task If_it_cannot_be_recorded_nothing_is_changed_and_the_reason_is_reported()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        await using (Session first = await StartAsync())
            await CompleteAsync(first, sample);
        File.WriteAllBytes(_folder["data/sample/0/file 0"], new byte[300_000]);

        await using Session second = await StartAsync();
        Torrent torrent = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);

        // Nothing can be written where a folder is.
        string inTheWay = _folder[$"state/{sample.Metainfo.SwarmHash}.resume.tmp"];
        Directory.CreateDirectory(inTheWay);
        await Assert.ThrowsAsync<FreshetException>(() => torrent.StartAsync(Token));
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => torrent.Completion.WaitAsync(Patience, Token));
        Assert.Contains("state cannot be recorded", failed.Message, StringComparison.Ordinal);

        Directory.Delete(inTheWay);
        await torrent.StartAsync(Token);
        await UntilAsync(torrent, TorrentState.Downloading);
    }

    [Fact]
    public async Task A_state_folder_that_accepts_nothing_is_reported_once_and_costs_nothing_else()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        Session session = await StartAsync();
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        Directory.CreateDirectory(_folder[$"state/{sample.Metainfo.SwarmHash}.resume.tmp"]);
        await Assert.ThrowsAsync<FreshetException>(() => torrent.StartAsync(Token));
        await torrent.Completion.WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<FreshetException>(() => torrent.StopAsync(Token));
        await Assert.ThrowsAsync<FreshetException>(() => torrent.StartAsync(Token));
        await session.DisposeAsync();
        List<string> warnings = [];
        await foreach (SessionEvent happened in events)
        {
            if (happened is SessionEvent.Warning warning)
                warnings.Add(warning.Message);
        }

        Assert.Single(warnings, warning => warning.StartsWith("What was downloaded cannot be recorded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_into_files_that_were_deleted_in_the_meantime_is_not_complete()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows does not allow an open file to be deleted.");
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await Session.StartAsync(
            new SessionOptions { DownloadFolder = _folder["seed"], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
            Token);
        await CompleteAsync(seed, sample);
        await using Session leech = await StartAsync();
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent),
            new TorrentOptions { Peers = [.. seed.ListenEndPoints], MaxDownloadRate = new Core.Rates.DataRate(100 * 1024) },
            Token);
        string folder = _folder["data/sample"];
        await Testing.Patience.Until(() => torrent.Status.PiecesHave > 0 && Directory.Exists(folder));
        Directory.Move(folder, _folder["aside"]);
        await torrent.ApplyAsync(torrent.Options with { MaxDownloadRate = null }, Token);
        await UntilAsync(torrent, TorrentState.WaitingForDisk, isSeedingFine: true);
        Assert.False(torrent.Completion.IsCompleted);
        Assert.Contains("is missing", torrent.Status.Reason, StringComparison.Ordinal);

        Directory.Move(_folder["aside"], folder);
        await torrent.Completion.WaitAsync(Patience, Token);
        sample.AssertIn(_folder["data"]);
    }

    [Fact]
    public async Task The_first_of_two_sessions_with_one_state_folder_keeps_the_record()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        await using Session first = await StartAsync();
        await CompleteAsync(first, sample);

        await using Session second = await StartAsync();
        IAsyncEnumerable<SessionEvent> events = second.ReadEventsAsync(Token);
        TorrentOptions elsewhere = new() { DownloadFolder = _folder["other"], Peers = [.. first.ListenEndPoints] };
        Torrent torrent = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), elsewhere, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        sample.AssertIn(_folder["other"]);
        SessionEvent.Warning warning = await events.OfType<SessionEvent.Warning>().FirstAsync(Token);
        Assert.Contains("keeps none", warning.Message, StringComparison.Ordinal);
        await second.DisposeAsync();
        await first.DisposeAsync();

        string record = Assert.Single(Directory.GetFiles(_folder["state"], "*.resume"));
        Assert.True(ResumeCodec.TryRead(File.ReadAllBytes(record), sample.Metainfo, out TorrentRecord? recorded, out string? error), error);
        Assert.Equal(_folder["data"], recorded.Folder);
    }

    [Fact]
    public async Task Two_sessions_do_not_write_one_folder()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        await using Session first = await StartAsync();
        await CompleteAsync(first, sample);
        await using Session second = await StartAsync();
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
        Assert.Contains("is at work on torrent", refused.Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Torrent torrent, TorrentState state, bool isSeedingFine = false)
    {
        using CancellationTokenSource bound = new(Patience);
        while (torrent.Status.State != state)
        {
            Assert.False(bound.IsCancellationRequested, $"It is {torrent.Status.State}, not {state}.");
            Assert.True(isSeedingFine || torrent.Status.State != TorrentState.Seeding, "It is seeding.");
            await Task.Delay(5, Token);
        }
    }

    private static async Task AssertNothingIsBelievedAsync(Session session, SampleData sample)
    {
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await UntilAsync(torrent, TorrentState.Downloading);
        Assert.Equal(0, torrent.Status.PiecesHave);
    }

    private static async Task CompleteAsync(Session session, SampleData sample)
    {
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
    }

    private void CopyState(string from, string to)
    {
        Directory.CreateDirectory(_folder[to]);
        foreach (string file in Directory.EnumerateFiles(_folder[from]).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(_folder[to], Path.GetFileName(file)));
    }

    [Fact]
    public async Task A_state_folder_that_accepts_nothing_accepts_no_torrent_either()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        await using Session session = await StartAsync();
        Directory.CreateDirectory(_folder[$"state/{sample.Metainfo.SwarmHash}.resume.tmp"]);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
        Assert.Equal(FreshetError.Storage, refused.Error);
        Assert.Empty(session.Torrents);
    }

    private Task<Session> StartAsync(string state = "state") => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder["data"],
            StateFolder = _folder[state],
            RestoreTorrents = false,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);
}
