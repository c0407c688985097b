using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Disk.Checks;
using Freshet.Disk.Creation;
using Freshet.Disk.Files;

namespace Freshet.Tests.Disk;

public sealed class TorrentHasherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1, 16_384)]
    [InlineData(3, 16_384)]
    [InlineData(2, 40_000)]
    [InlineData(2, 4 << 20)]
    public async Task Pieces_across_files_have_the_hashes_that_the_framework_computes(int threads, int pieceLength)
    {
        ImmutableArray<SourceFile> files = Write(("a", 100_000), ("empty", 0), (null, 31_072), ("b", 700_001), ("c", 1));
        long last = 0;
        HashResult result = await TorrentHasher.HashAsync(
            new TorrentHasherOptions
            {
                Files = files,
                PieceLength = pieceLength,
                Threads = threads,
                OnProgress = done => last = Math.Max(last, done),
            },
            TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        byte[] content = [.. files.SelectMany(file => file.Path is null ? new byte[file.Length] : File.ReadAllBytes(file.Path))];
        Assert.Equal(content.Chunk(pieceLength).SelectMany(SHA1.HashData), result.PieceHashes);
        Assert.InRange(last, 1, content.Length);
    }

    [Fact]
    public async Task No_data_has_no_hashes()
    {
        HashResult result = await TorrentHasher.HashAsync(
            new TorrentHasherOptions { Files = Write(("a", 0)), PieceLength = 16_384 }, TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        Assert.Empty(result.PieceHashes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changes_in_the_meantime_is_named(bool grows)
    {
        ImmutableArray<SourceFile> files = Write(("a", 100_000), ("b", 100_000));
        bool isChanged = false;
        HashResult result = await TorrentHasher.HashAsync(
            new TorrentHasherOptions { Files = files, PieceLength = 16_384, Threads = 1, OnProgress = _ => Change() },
            TestContext.Current.CancellationToken);
        Assert.Empty(result.PieceHashes);
        Assert.Equal(_folder["b"], result.Error?.Path);

        void Change()
        {
            if (isChanged)
                return;
            isChanged = true;
            using FileStream file = Open("b");
            file.SetLength(grows ? 100_001 : 5);
        }
    }

    [Fact]
    public async Task A_file_that_is_missing_or_has_another_length_is_named()
    {
        ImmutableArray<SourceFile> files = [.. Write(("a", 10)), new SourceFile(_folder["none"], 10)];
        HashResult result = await TorrentHasher.HashAsync(
            new TorrentHasherOptions { Files = files, PieceLength = 16_384 }, TestContext.Current.CancellationToken);
        Assert.Equal(_folder["none"], result.Error?.Path);
    }

    [Fact]
    public async Task Hashing_can_be_cancelled()
    {
        using CancellationTokenSource cancel = new();
        TorrentHasherOptions options = new()
        {
            Files = Write(("a", 4 << 20)),
            PieceLength = 16_384,
            Threads = 2,
            OnProgress = _ => cancel.Cancel(),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TorrentHasher.HashAsync(options, cancel.Token));
    }

    [Fact]
    public async Task Hashed_data_is_good_in_a_check_until_it_is_damaged()
    {
        ImmutableArray<SourceFile> sources = Write(("a", 300_000), ("b", 200_000));
        HashResult hashes = await TorrentHasher.HashAsync(
            new TorrentHasherOptions { Files = sources, PieceLength = 32_768 }, TestContext.Current.CancellationToken);
        Assert.Equal(16, await CountGood(hashes.PieceHashes));

        byte first = File.ReadAllBytes(_folder["b"])[0];
        using (FileStream file = Open("b"))
            file.WriteByte((byte)~first);
        Assert.Equal(15, await CountGood(hashes.PieceHashes));

        // Nine whole pieces lie in it, and one that it shares.
        File.Delete(_folder["a"]);
        Assert.Equal(6, await CountGood(hashes.PieceHashes));
    }

    [Fact]
    public async Task Pieces_of_zeros_are_good_in_a_hole_but_not_in_a_missing_file()
    {
        using (FileStream file = File.Create(_folder["a"]))
            file.SetLength(500_000);
        byte[] hashes = [.. new byte[500_000].Chunk(32_768).SelectMany(SHA1.HashData)];
        Assert.Equal(16, await CountGood(hashes, ("a", 500_000)));
        using (FileStream file = Open("a"))
            file.SetLength(100_000);
        Assert.Equal(3, await CountGood(hashes, ("a", 500_000)));
        File.Delete(_folder["a"]);
        Assert.Equal(0, await CountGood(hashes, ("a", 500_000)));
    }

    public void Dispose() => _folder.Dispose();

    // Written while others read, as other programs do.
    private FileStream Open(string name) => new(_folder[name], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private Task<int> CountGood(byte[] hashes) => CountGood(hashes, ("a", 300_000), ("b", 200_000));

    private async Task<int> CountGood(byte[] hashes, params (string, long)[] files)
    {
        using FileHandles handles = new();
        FileStorageOptions options = FileStorageTests.Options(_folder.Path, handles, 32_768, FileStorageTests.Files(files));
        int told = 0;
        CheckResult result = await Checker.RunAsync(
            new CheckerOptions(new FileStorage(options), options.Layout, hashes),
            2,
            (_, _) => told++,
            TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        Assert.Equal(options.Layout.PieceCount, told);
        Assert.Equal(0, handles.Count);
        return result.Good.Count;
    }

    private ImmutableArray<SourceFile> Write(params (string? Name, int Length)[] files)
    {
        foreach ((string? name, int length) in files)
        {
            if (name is not null)
                File.WriteAllBytes(_folder[name], FileStorageTests.RandomBytes(length));
        }

        return [.. files.Select(file => new SourceFile(file.Name is null ? null : _folder[file.Name], file.Length))];
    }
}
