using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Sessions;

/// <summary>
/// The whole way of a block, from a seed's disk over sockets to a leecher's disk, with two real sessions in this process. All that the
/// process allocates is counted: what pieces and ticks cost is divided among the blocks, and a block itself costs nothing.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SessionAllocationTests : IDisposable
{
    private const int PieceLength = 1024 * 1024;
    private const int Pieces = 128;

    /// <summary>Pieces after which queues and buffers have their size; so many before the end, the end begins.</summary>
    private const int Margin = 16;

    /// <summary>About 10 are usual, both ends together; on a busy machine there are more ticks for each block.</summary>
    private const double MostBytesPerBlock = 32;

    private const int MostRounds = 6;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_block_on_its_way_from_disk_to_disk_allocates_nothing_of_its_own()
    {
        byte[] torrent = WriteSample(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: Token);
        await seeded.Completion.Bounded();

        // The first is for the runtime, which compiles, and for the pool, which grows. Of the others the least counts: what else the
        // machine does can only add to it.
        await using Session leecher = await StartAsync("leech");
        await MeasureAsync(torrent, leecher, seed.ListenEndPoints[0]);
        double least = double.MaxValue;
        for (int round = 0; round < MostRounds && least > MostBytesPerBlock; round++)
            least = Math.Min(least, await MeasureAsync(torrent, leecher, seed.ListenEndPoints[0]));
        Assert.InRange(least, 0, MostBytesPerBlock);
    }

    private static async Task<double> MeasureAsync(byte[] torrent, Session leecher, IPEndPoint seed)
    {
        PieceWatch watch = new();
        using MeterListener listener = watch.Listen();
        Torrent download = await leecher.AddAsync(TorrentSource.Bytes(torrent), new TorrentOptions { Peers = [seed] }, Token);
        await download.Completion.Bounded();
        await leecher.RemoveAsync(download, RemoveMode.DeleteFiles, Token);
        double measured = watch.Allocated / (double)((Pieces - (2 * Margin)) * (PieceLength / Limits.BlockLength));
        TestContext.Current.TestOutputHelper?.WriteLine($"{measured:0.0} bytes a block");
        return measured;
    }

    private async Task<Session> StartAsync(string folder) => await Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[folder],
            StateFolder = null,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            BlockPoolSize = ByteSize.FromMiB(8),
        },
        Token);

    private static byte[] WriteSample(string folder)
    {
        Directory.CreateDirectory(folder);
        using FileStream file = File.Create(Path.Combine(folder, "sample"));
        byte[] piece = new byte[PieceLength];
        byte[] hashes = new byte[Pieces * SHA1.HashSizeInBytes];
        Random random = new(7);
        for (int i = 0; i < Pieces; i++)
        {
            random.NextBytes(piece);
            SHA1.HashData(piece, hashes.AsSpan(i * SHA1.HashSizeInBytes));
            file.Write(piece);
        }

        return new MetainfoBuilder
        {
            Name = "sample",
            PieceLength = PieceLength,
            PieceHashes = hashes,
            Files = [new MetainfoFile { Path = [], Length = (long)PieceLength * Pieces }],
        }.Build();
    }

    /// <summary>What the process allocates between two pieces of a download, as the session's own meter tells of them.</summary>
    private sealed class PieceWatch
    {
        private int _pieces;
        private long _before;

        /// <summary>Bytes from one margin to the other.</summary>
        public long Allocated { get; private set; }

        public MeterListener Listen()
        {
            MeterListener listener = new()
            {
                InstrumentPublished = static (instrument, self) =>
                {
                    if (instrument is { Name: "freshet.pieces", Meter.Name: "Freshet" })
                        self.EnableMeasurementEvents(instrument);
                },
            };
            listener.SetMeasurementEventCallback<long>((_, count, _, _) => Count((int)count));
            listener.Start();
            return listener;
        }

        private void Count(int pieces)
        {
            for (int i = 0; i < pieces; i++)
            {
                int number = Interlocked.Increment(ref _pieces);
                if (number == Margin)
                    _before = GC.GetTotalAllocatedBytes(precise: true);
                else if (number == Pieces - Margin)
                    Allocated = GC.GetTotalAllocatedBytes(precise: true) - _before;
            }
        }
    }
}
