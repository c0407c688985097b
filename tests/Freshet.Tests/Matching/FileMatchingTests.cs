using Freshet.Core.Metainfo;
using Freshet.Disk.Matching;
using Freshet.FileSystem;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Matching;

/// <summary>What a search for files may cost, whatever the torrent and the searched folder contain.</summary>
public sealed class FileMatchingTests : IDisposable
{
    private const int PieceLength = 16 * 1024;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_samples_are_read_of_a_file_that_does_not_match()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 100 * PieceLength);
        for (int i = 0; i < 10; i++)
            _folder.Write($"decoy {i}", new byte[100 * PieceLength]);
        using FileMatching matching = Open(sample.Metainfo);
        long before = matching.MayRead;
        Assert.Empty(Run(matching));
        Assert.False(matching.IsCutShort);
        Assert.Equal(10 * MatchLimits.Samples * PieceLength, before - matching.MayRead);
    }

    [Fact]
    public void A_file_whose_second_half_is_missing_is_found_by_its_samples()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 100 * PieceLength);
        byte[] half = [.. sample.Files["sample/0/file 0"]];
        half.AsSpan(51 * PieceLength).Clear();
        string path = _folder.Write("half", half);
        using FileMatching matching = Open(sample.Metainfo);
        FoundFile found = Assert.Single(Run(matching));
        Assert.Equal((path, false), (found.Path, found.IsWhole));
    }

    [Fact]
    public void A_search_ends_when_it_has_read_enough()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 40 * PieceLength, 30 * PieceLength);
        _folder.Write("first", sample.Files["sample/0/file 0"]);
        _folder.Write("second", sample.Files["sample/1/file 1"]);
        using FileMatching matching = Open(sample.Metainfo);
        matching.MayRead = 41 * PieceLength;
        Assert.Equal("sample/0/file 0", Assert.Single(Run(matching)).File.Path);
        Assert.InRange(matching.MayRead, -20 * PieceLength, 0);
        Assert.True(matching.IsCutShort);
    }

    [Theory]
    [InlineData(MatchLimits.MaxFilesOfPiece, true)]
    [InlineData(MatchLimits.MaxFilesOfPiece + 1, false)]
    public void A_piece_of_very_many_files_is_left_to_be_downloaded(int files, bool isFound)
    {
        SampleData sample = SampleData.Make(PieceLength, null, [.. Enumerable.Range(0, files).Select(i => 50 + i)]);
        sample.WriteTo(_folder["elsewhere"]);
        using FileMatching matching = Open(sample.Metainfo);
        Assert.Equal(isFound ? files : 0, Run(matching).Count);
    }

    [Fact]
    public void Among_many_files_of_one_length_the_right_name_comes_first_then_the_right_extension()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 1000);
        for (int i = 0; i < 100; i++)
            _folder.Write($"{i:000}.bin", new byte[1000]);
        _folder.Write("z/also", new byte[1000]);
        string right = _folder.Write("zz/file 0", new byte[1000]);
        IReadOnlyList<string> candidates = FileCandidates.Find(sample.Metainfo, [_folder["."]], Token).Of(sample.Metainfo.Files[0]);
        Assert.Equal(MatchLimits.MaxCandidates, candidates.Count);
        Assert.Equal(["file 0", "also", "000.bin"], candidates.Take(3).Select(Path.GetFileName));
        Assert.Equal(Path.GetFullPath(right), Path.GetFullPath(candidates[0]));
    }

    [Fact]
    public void A_file_that_is_swapped_for_a_link_in_the_meantime_is_not_read()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 3 * PieceLength);
        string file = _folder.Write("film", sample.Files["sample/0/file 0"]);
        using FileMatching matching = Open(sample.Metainfo);
        File.Move(file, _folder["moved"]);
        File.CreateSymbolicLink(file, _folder["moved"]);
        Assert.Empty(Run(matching));
    }

    [Fact]
    public void Files_that_can_no_longer_be_read_or_whose_name_is_taken_are_passed_over()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 3 * PieceLength, 2 * PieceLength);
        string second = _folder.Write("second", sample.Files["sample/1/file 1"]);
        FilePlacement placement = new(SystemFiles.Instance, _folder["data"], "key");
        Assert.Null(placement.Place(new FoundFile(sample.Metainfo.Files[0], _folder["gone"], IsWhole: true), FilePlacing.Copy, Token));
        FoundFile found = new(sample.Metainfo.Files[1], second, IsWhole: true);
        Assert.NotNull(placement.Place(found, FilePlacing.Copy, Token));
        Assert.Null(placement.Place(found, FilePlacing.Copy, Token));
    }

    private FileMatching Open(TorrentMetainfo metainfo) =>
        new(SystemFiles.Instance, metainfo, FileCandidates.Find(metainfo, [_folder["."]], Token), Token);

    private static IReadOnlyList<FoundFile> Run(FileMatching matching) => matching.Run(_ => null);
}
