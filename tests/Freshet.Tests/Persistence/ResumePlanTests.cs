using Freshet.Disk.Files;
using Freshet.Persistence;

namespace Freshet.Tests.Persistence;

public class ResumePlanTests
{
    [Fact]
    public void Without_a_record_and_files_it_starts_empty()
    {
        ResumePlan.Go go = Go(null, Samples.Nothing);
        Assert.Equal(0, go.Have.Count);
        Assert.Null(go.Check);
    }

    [Fact]
    public void Without_a_record_existing_files_are_checked()
    {
        ResumePlan.Go go = Go(null, [default, Samples.StampOf(1), default]);
        Assert.Equal(0, go.Have.Count);
        Assert.Equal([2], Samples.Members(go.Check!));
    }

    [Fact]
    public void A_clean_record_of_untouched_files_is_trusted()
    {
        ResumePlan.Go go = Go(Samples.Data(clean: true, 0, 2), Samples.Whole);
        Assert.Equal([0, 2], Samples.Members(go.Have));
        Assert.Null(go.Check);
    }

    [Fact]
    public void Files_that_someone_else_touched_are_checked_as_a_whole()
    {
        ResumePlan.Go go = Go(
            Samples.Data(clean: true, 0, 2),
            [Samples.Whole[0], Samples.Whole[1] with { LastWriteUtc = new DateTime(101, DateTimeKind.Utc) }, Samples.Whole[2]]);
        Assert.Equal(0, go.Have.Count);
        Assert.Equal([0, 1, 2, 3], Samples.Members(go.Check!));
    }

    [Fact]
    public void After_a_crash_recorded_pieces_are_trusted_and_the_rest_is_checked()
    {
        ResumePlan.Go go = Go(
            Samples.Data(clean: false, 0, 2),
            [.. Samples.Whole.Select(look => look with { LastWriteUtc = new DateTime(500, DateTimeKind.Utc) })]);
        Assert.Equal([0, 2], Samples.Members(go.Have));
        Assert.Equal([1, 3], Samples.Members(go.Check!));
    }

    [Fact]
    public void After_a_crash_files_older_than_the_record_are_not_trusted()
    {
        ResumePlan.Go go = Go(
            Samples.Data(clean: false, 0, 2),
            [Samples.Whole[0] with { LastWriteUtc = new DateTime(99, DateTimeKind.Utc) }, Samples.Whole[1], Samples.Whole[2]]);
        Assert.Equal(0, go.Have.Count);
        Assert.Equal([0, 1, 2, 3], Samples.Members(go.Check!));
    }

    [Fact]
    public void After_a_crash_files_shorter_than_recorded_are_not_trusted()
    {
        ResumePlan.Go go = Go(
            Samples.Data(clean: false, 0, 2),
            [Samples.Whole[0], Samples.Whole[1] with { Length = Samples.Whole[1].Length - 1 }, Samples.Whole[2]]);
        Assert.Equal(0, go.Have.Count);
        Assert.Equal([0, 1, 2, 3], Samples.Members(go.Check!));
    }

    [Fact]
    public void Missing_data_is_an_error_with_words_and_no_new_download()
    {
        ResumePlan.Refuse missing = Assert.IsType<ResumePlan.Refuse>(
            ResumePlan.Decide(Samples.Metainfo, "/mnt/disk", Samples.Data(clean: true, 0, 2), Samples.Nothing));
        Assert.Contains("/mnt/disk", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("mounted", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("--recheck", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_nothing_needs_no_data() => Assert.Equal(0, Go(Samples.Data(clean: true), Samples.Nothing).Have.Count);

    private static ResumePlan.Go Go(ResumeRecord? record, FileStamp[] files) =>
        Assert.IsType<ResumePlan.Go>(ResumePlan.Decide(Samples.Metainfo, "/mnt/disk", record, files));
}
