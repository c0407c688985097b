using System.Net;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>Torrents of a session that is still starting what it has restored, on a disk that lets it wait.</summary>
public sealed class StopWhileRestoringTests
{
    private const int Count = 60;

    // The first that is not under way to its start while the disk hangs: a disk starts 16 at a time.
    private const int Stopped = 16;

    private readonly SimulatedFileSystem _disk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_torrent_that_is_stopped_before_its_turn_stays_stopped_and_the_others_start()
    {
        await using (Session first = await StartAsync())
        {
            for (int i = 0; i < Count; i++)
            {
                SampleData sample = SampleData.MakeNamed($"sample {i}", 16 * 1024, null, 30_000 + i);
                await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            }
        }

        int hanging = 0;
        using ManualResetEventSlim answers = new();
        _disk.Hang = (call =>
        {
            bool isMeant = call.Operation == FileOperation.Stat && call.Path.StartsWith("/data/", StringComparison.Ordinal);
            if (isMeant)
                Interlocked.Increment(ref hanging);
            return isMeant;
        }, answers);
        await using Session session = await StartAsync();
        Torrent[] torrents = [.. session.Torrents];
        Assert.Equal(Count, torrents.Length);
        await Patience.Until(() => Volatile.Read(ref hanging) > 0);
        await torrents[Stopped].StopAsync(Token).Bounded();

        // From now on nothing can be recorded of it, which must not matter to the others.
        string record = $"/state/{torrents[Stopped].InfoHash}.resume";
        _disk.Fails = call => call.Writes && call.Path.StartsWith(record, StringComparison.Ordinal) ? Errno.NoSpace : null;
        answers.Set();
        Torrent[] others = [.. torrents.Where((_, i) => i != Stopped)];
        await Patience.Until(() => others.All(torrent => torrent.Status.State == TorrentState.Downloading));
        Assert.Equal(TorrentState.Stopped, torrents[Stopped].Status.State);
        Assert.Equal(RunState.Stopped, torrents[Stopped].Actor.Record.Run);
        _disk.Fails = null;
    }

    private Task<Session> StartAsync() => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = "/data",
            StateFolder = "/state",
            FileSystem = _disk,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);
}
