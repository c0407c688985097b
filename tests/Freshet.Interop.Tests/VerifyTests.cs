using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary><c>freshet verify</c> judges what others have downloaded.</summary>
public class VerifyTests : InteropTest
{
    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    public Task What_a_client_has_downloaded_is_complete(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, kind);
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        PeerClient seed = New(ClientKind.Libtorrent);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(kind);
        string folder = NewFolder("leecher");
        await leecher.LeechAsync(torrent, folder);
        await seed.DialAsync(leecher.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        if (!leecher.WritesEmptyFiles)
            AddEmptyFiles(torrent, folder);
        await VerifyAsync(torrent, folder, expectedExitCode: 0);
    });

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public Task One_wrong_byte_is_found(SampleKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet);
        SampleTorrent torrent = Sample(kind);
        await VerifyAsync(torrent, torrent.DataFolder, expectedExitCode: 0);
        SampleFile largest = torrent.Files.MaxBy(file => file.Length)!;
        await using (FileStream data = File.Open(Path.Combine([torrent.DataPath, .. largest.Path]), FileMode.Open))
        {
            int last = data.Seek(-1, SeekOrigin.End) >= 0 ? data.ReadByte() : 0;
            data.Seek(-1, SeekOrigin.End);
            data.WriteByte((byte)~last);
        }

        await VerifyAsync(torrent, torrent.DataFolder, expectedExitCode: 1);
    });

    private static void AddEmptyFiles(SampleTorrent torrent, string folder)
    {
        foreach (SampleFile file in torrent.Files.Where(file => file.Length == 0))
        {
            string path = Path.Combine([folder, torrent.Name, .. file.Path]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Create(path).Dispose();
        }
    }

    private Task<string> VerifyAsync(SampleTorrent torrent, string folder, int expectedExitCode) => ChildProcess.RunAsync(
        Work, [.. FreshetExecutable.Command, "verify", torrent.TorrentPath, folder], expectedExitCode);
}
