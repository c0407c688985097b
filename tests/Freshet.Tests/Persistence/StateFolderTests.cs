using Freshet.Persistence;

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
        (ResumeRecord? record, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Equal([0, 1], Samples.Members(record!.Have));
        Assert.Null(warning);
    }

    [Fact]
    public void Nothing_saved_is_nothing_loaded()
    {
        (ResumeRecord? record, string? warning) = new StateFolder(_folder.Path).LoadResume(Samples.Metainfo);
        Assert.Null(record);
        Assert.Null(warning);
    }

    [Fact]
    public void A_torn_record_is_set_aside_and_the_one_before_it_serves()
    {
        StateFolder state = new(_folder.Path);
        state.SaveResume(Samples.Record(clean: true, 0));
        state.SaveResume(Samples.Record(clean: true, 0, 1));
        File.WriteAllBytes(ResumePath, File.ReadAllBytes(ResumePath)[..50]);

        (ResumeRecord? record, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Equal([0], Samples.Members(record!.Have));
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
        (ResumeRecord? record, _) = state.LoadResume(Samples.Metainfo);
        Assert.Equal([0], Samples.Members(record!.Have));
    }

    [Fact]
    public void Foreign_files_are_set_aside_and_the_reason_told()
    {
        StateFolder state = new(_folder.Path);
        File.WriteAllText(ResumePath, "hello");
        (ResumeRecord? record, string? warning) = state.LoadResume(Samples.Metainfo);
        Assert.Null(record);
        Assert.Contains("set aside", warning, StringComparison.Ordinal);
        Assert.Equal("hello", File.ReadAllText(ResumePath + ".bad"));
    }

    [Fact]
    public void A_torrent_is_claimed_by_one_at_a_time()
    {
        StateFolder first = new(_folder.Path);
        StateFolder second = new(_folder.Path);
        using (first.Claim(Samples.Metainfo.SwarmHash))
        {
            FreshetException refused = Assert.Throws<FreshetException>(() => second.Claim(Samples.Metainfo.SwarmHash));
            Assert.Contains("Another process", refused.Message, StringComparison.Ordinal);
        }

        second.Claim(Samples.Metainfo.SwarmHash).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_with_words()
    {
        File.WriteAllText(_folder["file"], "");
        FreshetException refused = Assert.Throws<FreshetException>(() => new StateFolder(_folder["file/state"]));
        Assert.Contains("cannot be made", refused.Message, StringComparison.Ordinal);
    }
}
