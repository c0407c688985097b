namespace Freshet.Interop.Tests;

/// <summary>
/// A peer over TCP and one over uTP download from one seed: while both wait for the seed's own limit, neither starves the other.
/// </summary>
public class MixedModeTests : InteropTest
{
    private const int MiB = 1024 * 1024;

    // There are fewer pieces than a seed that is the only one would hand out one by one.
    private const int Length = 6 * MiB;

    [Fact]
    public Task A_limited_upload_is_shared_evenly_between_TCP_and_uTP() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, Length, MiB);
        FreshetClient seed = Own(new FreshetClient(Work, new ClientOptions { Utp = true, TcpToo = true, UploadLimit = MiB }));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        LibtorrentClient tcp = Own(new LibtorrentClient(Work));
        LibtorrentClient utp = Own(new LibtorrentClient(Work, new ClientOptions { Utp = true }));
        foreach (LibtorrentClient leecher in (LibtorrentClient[])[tcp, utp])
        {
            await leecher.LeechAsync(torrent, NewFolder(leecher.EndPoint.Port.ToString(null as IFormatProvider)));
            await leecher.DialAsync(seed.EndPoint);
        }

        // The peer that connected first has a head start, which does not count.
        (long Tcp, long Utp) first = await UntilAsync(static (tcp, utp) => Math.Min(tcp, utp) > MiB / 4);
        (long Tcp, long Utp) last = await UntilAsync(static (tcp, utp) => Math.Max(tcp, utp) > Length - (MiB / 4));
        double share = (last.Utp - first.Utp) / (double)(last.Utp - first.Utp + last.Tcp - first.Tcp);
        Assert.InRange(share, 0.35, 0.65);

        async Task<(long Tcp, long Utp)> UntilAsync(Func<long, long, bool> holds)
        {
            (long Tcp, long Utp) now = default;
            await tcp.UntilAsync(
                async () => holds((now = (await tcp.DownloadedAsync(), await utp.DownloadedAsync())).Tcp, now.Utp),
                Patience,
                "and the other both have as much as they should");
            return now;
        }
    });
}
