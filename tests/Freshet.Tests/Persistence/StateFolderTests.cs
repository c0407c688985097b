using Freshet.Core.Metainfo;
using Freshet.Persistence;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Persistence;

public sealed class StateFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ResumePath => _folder[Samples.Metainfo.SwarmHash + ".resume"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_record_saved_is_loaded()
    {
        StateFolder state = new(_folder.Path);
        state.SaveResume(Samples.Record(clean: true, 0));
        state.SaveResume(Samples.Record(clean: true, 0, 1));
        (TorrentRecord? record, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Equal([0, 1], Samples.Members(record!.Data!.Have));
        Assert.Null(warning);
    }

    [Fact]
    public void Without_a_saved_record_nothing_is_loaded()
    {
        (TorrentRecord? record, string? warning) = new StateFolder(_folder.Path).LoadResume(Samples.Metainfo);
        Assert.Null(record);
        Assert.Null(warning);
    }

    [Fact]
    public void A_torn_record_is_set_aside_and_the_previous_one_is_used()
    {
        StateFolder state = new(_folder.Path);
        state.SaveResume(Samples.Record(clean: true, 0));
        state.SaveResume(Samples.Record(clean: true, 0, 1));
        File.WriteAllBytes(ResumePath, File.ReadAllBytes(ResumePath)[..50]);

        (TorrentRecord? record, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Equal([0], Samples.Members(record!.Data!.Have));
        Assert.Contains(".bad", warning, StringComparison.Ordinal);
        Assert.True(File.Exists(ResumePath + ".bad"));
        Assert.False(File.Exists(ResumePath));
    }

    [Fact]
    public void A_crash_between_the_two_renames_loses_nothing()
    {
        StateFolder state = new(_folder.Path);
        state.SaveResume(Samples.Record(clean: true, 0));
        File.Move(ResumePath, ResumePath + ".previous");
        File.WriteAllText(ResumePath + ".tmp", "half a rec");
        (TorrentRecord? record, _) = state.LoadResume(Samples.Metainfo);
        Assert.Equal([0], Samples.Members(record!.Data!.Have));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_torrent_or_a_link_that_is_missing_or_damaged_is_known_by_the_copy_before_it(bool isDamaged)
    {
        StateFolder state = new(_folder.Path);
        SampleData before = SampleData.Make(16 * 1024, "http://127.0.0.1:1/one", 40_000);
        SampleData after = SampleData.Make(16 * 1024, "http://127.0.0.1:1/two", 40_000);
        InfoHash infoHash = before.Metainfo.SwarmHash;
        InfoHash linked = Samples.Metainfo.SwarmHash;
        MagnetLink link = new() { InfoHash = linked, DisplayName = "one" };
        state.SaveTorrent(infoHash, before.Torrent);
        state.SaveTorrent(infoHash, after.Torrent);
        state.SaveLink(linked, link);
        state.SaveLink(linked, link with { DisplayName = "two" });
        foreach (string name in (string[])[$"{infoHash}.torrent", $"{linked}.magnet"])
        {
            if (isDamaged)
                File.WriteAllText(_folder[name], "half a tor");
            else
                File.Delete(_folder[name]);
        }

        Assert.Equal(
            [new KeptTorrent(infoHash, HasTorrent: true, HasLink: false), new(linked, HasTorrent: false, HasLink: true)],
            state.List().OrderBy(kept => kept.HasLink));
        Assert.Equal([["http://127.0.0.1:1/one"]], state.TorrentOf(infoHash).Read().Trackers);
        Assert.Equal([["http://127.0.0.1:1/one"]], state.TorrentOf(infoHash).ReadWithoutHashes(_ => false).Trackers);
        Assert.Equal("one", state.LoadLink(linked).Link?.DisplayName);
    }

    [Fact]
    public void A_record_that_cannot_be_read_stays_where_it_is()
    {
        Requires.That(OperatingSystem.IsLinux(), "The file that cannot be read here exists only on Linux.");
        File.CreateSymbolicLink(ResumePath, "/proc/self/mem");
        FreshetException refused = Assert.Throws<FreshetException>(() => new StateFolder(_folder.Path).LoadResume(Samples.Metainfo));
        Assert.Equal(FreshetError.Storage, refused.Error);
        Assert.Contains("cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(ResumePath + ".bad"));
        Assert.NotNull(new FileInfo(ResumePath).LinkTarget);
    }

    [Fact]
    public void Two_bad_records_are_both_reported()
    {
        StateFolder state = new(_folder.Path);
        File.WriteAllText(ResumePath, "hello");
        File.WriteAllText(ResumePath + ".previous", "goodbye");
        (_, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Contains(ResumePath + ".bad was set aside", warning, StringComparison.Ordinal);
        Assert.Contains(ResumePath + ".previous.bad was set aside", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torrent_file_that_was_damaged_without_changing_its_length_is_rewritten()
    {
        StateFolder state = new(_folder.Path);
        string path = _folder[Samples.Metainfo.SwarmHash + ".torrent"];
        state.SaveTorrent(Samples.Metainfo.SwarmHash, [1, 2, 3]);
        File.WriteAllBytes(path, [0, 0, 0]);
        state.SaveTorrent(Samples.Metainfo.SwarmHash, [1, 2, 3]);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_torrent_that_is_forgotten_leaves_nothing()
    {
        StateFolder state = new(_folder.Path);
        using (state.Claim(Samples.Metainfo.SwarmHash, _folder.Path))
        {
            state.SaveTorrent(Samples.Metainfo.SwarmHash, [1, 2, 3]);
            state.SaveResume(Samples.Record(clean: true, 0));
            state.SaveResume(Samples.Record(clean: true, 0, 1));
            state.Forget(Samples.Metainfo.SwarmHash);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_state_folder_that_may_not_be_written_is_not_reported_as_locked()
    {
        Requires.That(Unprivileged.IsPossible, "An administrator can write everywhere.");
        StateFolder state = new(_folder.Path);
        SetMode("555");
        FreshetException refused = Assert.Throws<FreshetException>(
            () => Unprivileged.Run(() => state.Claim(Samples.Metainfo.SwarmHash, _folder.Path)));
        SetMode("700");
        Assert.Contains("The state folder cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.Contains("permission denied", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_folder_on_a_full_file_system_is_not_reported_as_locked()
    {
        using SmallFileSystem full = SmallFileSystem.MountOrSkip(1 << 20);
        StateFolder state = new(full.Path);
        full.Fill();
        FreshetException refused = Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, _folder.Path));
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_files_are_set_aside_with_the_reason()
    {
        StateFolder state = new(_folder.Path);
        File.WriteAllText(ResumePath, "hello");
        (TorrentRecord? record, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Null(record);
        Assert.Contains("set aside", warning, StringComparison.Ordinal);
        Assert.Equal("hello", File.ReadAllText(ResumePath + ".bad"));
    }

    [Fact]
    public void A_torrent_is_claimed_by_one_process_at_a_time()
    {
        StateFolder first = new(_folder.Path);
        StateFolder second = new(_folder.Path);
        using (first.Claim(Samples.Metainfo.SwarmHash, _folder.Path))
        {
            FreshetException refused = Assert.Throws<FreshetException>(() => second.Claim(Samples.Metainfo.SwarmHash, _folder.Path));
            Assert.Contains("Another process", refused.Message, StringComparison.Ordinal);
        }

        second.Claim(Samples.Metainfo.SwarmHash, _folder.Path).Dispose();
    }

    [Fact]
    public void A_process_in_another_folder_is_admitted_without_the_record()
    {
        StateFolder state = new(_folder.Path);
        string here = Directory.CreateDirectory(_folder["here"]).FullName;
        string there = Directory.CreateDirectory(_folder["there"]).FullName;
        TorrentClaim first = state.Claim(Samples.Metainfo.SwarmHash, here);
        Assert.True(first.KeepsRecord);
        using (TorrentClaim second = state.Claim(Samples.Metainfo.SwarmHash, there))
        {
            Assert.False(second.KeepsRecord);
            state.Claim(Samples.Metainfo.SwarmHash, _folder["not made yet"]).Dispose();

            // A third process may not join the second either, whether or not the first is still there.
            Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, there));
            first.Dispose();
            Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, there));
            state.Claim(Samples.Metainfo.SwarmHash, here).Dispose();
        }

        using TorrentClaim last = state.Claim(Samples.Metainfo.SwarmHash, there);
        Assert.True(last.KeepsRecord);
        state.Forget(Samples.Metainfo.SwarmHash);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void A_torrent_that_others_hold_is_not_forgotten()
    {
        StateFolder state = new(_folder.Path);
        string there = Directory.CreateDirectory(_folder["there"]).FullName;
        using TorrentClaim first = state.Claim(Samples.Metainfo.SwarmHash, Directory.CreateDirectory(_folder["here"]).FullName);
        using TorrentClaim second = state.Claim(Samples.Metainfo.SwarmHash, there);
        state.Forget(Samples.Metainfo.SwarmHash);
        first.Dispose();
        Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, there));
    }

    [Fact]
    public void Only_a_few_processes_may_work_on_one_torrent()
    {
        StateFolder state = new(_folder.Path);
        List<TorrentClaim> claims = [];
        for (int i = 0; i < 8; i++)
            claims.Add(state.Claim(Samples.Metainfo.SwarmHash, Directory.CreateDirectory(_folder[$"{i}"]).FullName));
        Assert.Throws<FreshetException>(
            () => state.Claim(Samples.Metainfo.SwarmHash, Directory.CreateDirectory(_folder["one more"]).FullName));
        claims.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public void A_folder_is_recognized_by_any_of_its_names()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Only administrators can create links on Windows.");
        StateFolder state = new(_folder.Path);
        string folder = Directory.CreateDirectory(_folder["folder"]).FullName;
        string link = Directory.CreateSymbolicLink(_folder["link"], folder).FullName;
        using TorrentClaim claim = state.Claim(Samples.Metainfo.SwarmHash, folder);
        Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, link));
        Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, folder + "/"));
    }

    [Fact]
    public void A_process_whose_folder_is_missing_may_be_anywhere()
    {
        StateFolder state = new(_folder.Path);
        using TorrentClaim claim = state.Claim(Samples.Metainfo.SwarmHash, _folder["gone"]);
        Assert.Throws<FreshetException>(() => state.Claim(Samples.Metainfo.SwarmHash, _folder.Path));
    }

    private void SetMode(string octal)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_an_error_with_words()
    {
        File.WriteAllText(_folder["file"], "");
        FreshetException refused = Assert.Throws<FreshetException>(() => new StateFolder(_folder["file/state"]));
        Assert.Contains("Cannot make ", refused.Message, StringComparison.Ordinal);
    }
}
