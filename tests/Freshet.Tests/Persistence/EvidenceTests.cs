using Freshet.Core.Pieces;
using Freshet.Disk.Files;
using Freshet.Persistence;

namespace Freshet.Tests.Persistence;

public class EvidenceTests
{
    private static readonly FileStamp[] Later =
        [.. Samples.Whole.Select(look => look with { LastWriteUtc = new DateTime(900, DateTimeKind.Utc) })];

    [Fact]
    public void Pieces_verified_before_a_successful_flush_may_be_recorded()
    {
        Evidence evidence = new(Samples.Set(4, 0), Samples.Whole);
        Assert.Equal([0], Samples.Members(evidence.Have));
        evidence.OnFlushed(Samples.Set(4, 0, 2), [], Later);
        Assert.Equal([0, 2], Samples.Members(evidence.Have));
        Assert.False(evidence.IsInDoubt);
    }

    [Fact]
    public void A_flush_after_a_failed_one_does_not_vouch_for_what_came_before_the_failure()
    {
        Evidence evidence = new(Samples.Set(4, 0), Samples.Whole);
        evidence.OnFlushFailed(Samples.Set(4, 0, 1), []);
        Assert.True(evidence.IsInDoubt);
        evidence.OnFlushed(Samples.Set(4, 0, 1, 2), [], Later);
        Assert.Equal([0, 2], Samples.Members(evidence.Have));
        Assert.True(evidence.IsInDoubt);
    }

    [Fact]
    public void A_piece_that_was_begun_when_a_flush_failed_is_not_recorded_when_it_is_whole()
    {
        Evidence evidence = new(Samples.Set(4, 0), Samples.Whole);
        evidence.OnFlushFailed(Samples.Set(4, 0), [new PieceIndex(3)]);
        Assert.True(evidence.IsPieceInDoubt(new PieceIndex(3)));
        evidence.OnFlushed(Samples.Set(4, 0, 2, 3), [], Later);
        Assert.Equal([0, 2], Samples.Members(evidence.Have));
    }

    [Fact]
    public void A_piece_that_is_lost_again_is_not_recorded()
    {
        Evidence evidence = new(Samples.Set(4, 0, 1), Samples.Whole);
        evidence.OnFlushed(Samples.Set(4, 1), [], Later);
        Assert.Equal([1], Samples.Members(evidence.Have));
    }

    [Fact]
    public void Only_files_that_we_wrote_are_examined_again()
    {
        Evidence evidence = new(new Bitfield(4), Samples.Whole);
        evidence.OnFlushed(new Bitfield(4), [1], Later);
        Assert.Equal([Samples.Whole[0], Later[1], Samples.Whole[2]], evidence.Stamps);
    }
}
