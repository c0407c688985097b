using System.Net;
using System.Security.Cryptography;

namespace Freshet.Benchmarks.Api;

/// <summary>A torrent with its seed in this process.</summary>
internal sealed class SeededDownload : IAsyncDisposable
{
    private const int Length = 512 * 1024 * 1024;
    private readonly Session _session;

    private SeededDownload(Session session, byte[] metainfo) => (_session, Metainfo) = (session, metainfo);

    /// <summary>The .torrent file.</summary>
    public byte[] Metainfo { get; }

    /// <summary>The address on which the seed listens.</summary>
    public IPEndPoint Peer => _session.ListenEndPoints[0];

    public static async Task<SeededDownload> CreateAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "download.bin");
        await using (FileStream file = File.Create(path))
        {
            byte[] bytes = new byte[1024 * 1024];
            for (int written = 0; written < Length; written += bytes.Length)
            {
                RandomNumberGenerator.Fill(bytes);
                await file.WriteAsync(bytes);
            }
        }

        CreatedTorrent created = await TorrentCreator.CreateAsync(path, new TorrentCreation());
        Session session = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = folder,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            Dht = null,
            LocalDiscovery = false,
        });
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(created.Bytes), new TorrentOptions());
        await torrent.Completion;
        return new SeededDownload(session, created.Bytes.ToArray());
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
