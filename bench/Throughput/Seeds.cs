using System.Net;
using Freshet.Core.Rates;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>Many seeds in this process, each a session with its own address. They know how much they have sent.</summary>
internal sealed class Seeds : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    private readonly List<Session> _sessions = [];
    private readonly List<Torrent> _torrents = [];

    private Seeds()
    {
    }

    public IReadOnlyList<IPEndPoint> EndPoints => [.. _sessions.Select(session => session.ListenEndPoints[0])];

    public static async Task<Seeds> StartAsync(SampleTorrent torrent, int count)
    {
        Seeds seeds = new();
        for (int i = 0; i < count; i++)
        {
            Session session = await Session.StartAsync(new SessionOptions
            {
                DownloadFolder = torrent.DataFolder,
                StateFolder = null,
                BindAddress = Loopback.NextAddress(),
                ListenPort = 0,
                DiskThreads = 1,
                BlockPoolSize = ByteSize.FromMiB(1),
            });
            seeds._sessions.Add(session);
            Torrent added = await session.AddAsync(TorrentSource.File(torrent.TorrentPath));
            seeds._torrents.Add(added);
            await added.Completion.WaitAsync(Bound);
        }

        return seeds;
    }

    /// <summary>The payload that all of them have sent, once nobody is connected to them any more.</summary>
    public async Task<long> SentAsync()
    {
        await Wait.UntilAsync(
            () => Task.FromResult(_torrents.TrueForAll(torrent => torrent.Status.Peers == 0)), Bound, () => "the leecher leaves all seeds");
        return _torrents.Sum(torrent => torrent.Status.Uploaded.Bytes);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Session session in _sessions)
            await session.DisposeAsync();
    }
}
