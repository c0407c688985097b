using System.Diagnostics;
using Freshet.Api;

namespace Freshet.Cli.Tests.Commands;

/// <summary>Every kind of change that a daemon acknowledges is there after it was killed at once, in the middle of the next one.</summary>
public class DaemonKillEachTests
{
    private const string Tracker = "http://127.0.0.1:1/announce";

    private readonly List<Change> _acknowledged = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_kind_of_change_is_lost_that_was_acknowledged_before_a_kill()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("a/one.bin", 40_000), ("two.bin", 9)]);
        foreach ((string path, byte[] bytes) in files)
            folder.Write("data/" + path, bytes);
        string hash = "";
        string[] others = [.. Enumerable.Range(1, 5).Select(i => $"{i:x40}")];
        Change[] changes =
        [
            new(async daemon => hash = (await daemon.AddAsync(new AddTorrent { Metainfo = torrent, Start = false }, Token)).Hash,
                async daemon => (await daemon.ListAsync(cancellationToken: Token)).Any(each => each.Name == "sample")),
            .. others.Select(other => new Change(
                daemon => daemon.AddAsync(new AddTorrent { Source = other, Start = other == others[0] }, Token),
                async daemon => other == others[4] || other == others[3] || await HasAsync(daemon, other))),
            new(daemon => daemon.StartAsync(others[1], Token), async daemon => await StateAsync(daemon, others[1]) != StateCode.Stopped),
            new(daemon => daemon.StopAsync(others[0], Token), async daemon => await StateAsync(daemon, others[0]) == StateCode.Stopped),
            new(daemon => daemon.QueueAsync(others[2], new QueueRequest { Move = QueueMoveCode.Top }, Token),
                async daemon => (await daemon.ListAsync("sort=order", Token))[0].Hash == others[2]),
            new(daemon => daemon.RemoveAsync(others[3], cancellationToken: Token), async daemon => !await HasAsync(daemon, others[3])),
            new(daemon => daemon.RemoveAsync(others[4], deleteFiles: true, Token), async daemon => !await HasAsync(daemon, others[4])),
            new(daemon => daemon.PrioritizeAsync(hash, new FileChange { Files = [1], Priority = PriorityCode.Skip }, Token),
                async daemon => (await daemon.FilesAsync(hash, Token)).Files[1].Priority == PriorityCode.Skip),
            new(daemon => daemon.ChangeTorrentAsync(
                    hash, new TorrentChange { Labels = ["kept"], Category = "c", MaxUploadRate = 100_000, Sequential = true }, Token),
                async daemon => await daemon.ShowAsync(hash, Token) is
                    { Torrent: { Category: "c", Labels: ["kept"] }, Settings: { MaxUploadRate: 100_000, Sequential: true } }),
            new(daemon => daemon.ChangeTorrentAsync(hash, new TorrentChange { Trackers = [[Tracker]] }, Token),
                async daemon => (await daemon.TrackersAsync(hash, Token)).Trackers is [{ Url: Tracker }]),
            new(daemon => daemon.RenameFileAsync(hash, 1, new FileRename { Path = "sample/three.bin" }, Token),
                async daemon => (await daemon.FilesAsync(hash, Token)).Files[1].Path.EndsWith("/three.bin", StringComparison.Ordinal)),
            new(daemon => daemon.RenameFolderAsync(hash, new FolderRename { Folder = "sample/a", Path = "sample/b" }, Token),
                async daemon => (await daemon.FilesAsync(hash, Token)).Files[0].Path == "sample/b/one.bin"),
            new(daemon => daemon.MoveAsync(hash, new MoveTorrent { Folder = folder["data/moved"] }, Token),
                async daemon => (await daemon.ShowAsync(hash, Token)).Torrent.Folder == folder["data/moved"]
                    && File.Exists(folder["data/moved/sample/b/one.bin"]) && File.Exists(folder["data/moved/sample/three.bin"])),
            new(daemon => daemon.ChangeAsync(new SessionChange { MaxConnections = 77, AlternativeLimits = true }, Token),
                async daemon => await daemon.SettingsAsync(Token) is { MaxConnections: 77, AlternativeLimits: true }),
        ];
        for (int i = 0; i < changes.Length; i++)
            await KillAfterAsync(folder, changes[i], i + 1 < changes.Length ? changes[i + 1] : null);
        using Process process = DaemonProcess.Start(folder);
        using DaemonClient last = await DaemonProcess.ConnectAsync(process);
        await VerifyAsync(last);
        Assert.Equal(files["sample/a/one.bin"], File.ReadAllBytes(folder["data/moved/sample/b/one.bin"]));
        process.Kill();
        await process.WaitForExitAsync(Token);
    }

    private async Task KillAfterAsync(TemporaryFolder folder, Change change, Change? next)
    {
        using Process process = DaemonProcess.Start(folder);
        try
        {
            using DaemonClient daemon = await DaemonProcess.ConnectAsync(process);
            await VerifyAsync(daemon);

            // The kill before may have come too late for it.
            if (!await change.IsDoneAsync(daemon))
                await change.ApplyAsync(daemon);
            _acknowledged.Add(change);
            Task interrupted = next?.ApplyAsync(daemon) ?? Task.CompletedTask;
            process.Kill();
            await process.WaitForExitAsync(Token);
            await interrupted.ContinueWith(static _ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    // What a start restores is there at once, apart from files that it looks at first.
    private async Task VerifyAsync(DaemonClient daemon)
    {
        for (int i = 0; i < _acknowledged.Count; i++)
        {
            using CancellationTokenSource bound = new(Patience.Bound);
            while (!await _acknowledged[i].IsDoneAsync(daemon))
            {
                Assert.False(bound.IsCancellationRequested, $"Change {i} was lost.");
                await Task.Delay(20, Token);
            }
        }
    }

    private static async Task<bool> HasAsync(DaemonClient daemon, string hash) =>
        (await daemon.ListAsync(cancellationToken: Token)).Any(torrent => torrent.Hash == hash);

    private static async Task<StateCode> StateAsync(DaemonClient daemon, string hash) =>
        (await daemon.ShowAsync(hash, Token)).Torrent.State;

    /// <summary>A change, and whether it is there.</summary>
    private sealed record Change(Func<DaemonClient, Task> ApplyAsync, Func<DaemonClient, Task<bool>> IsDoneAsync);
}
