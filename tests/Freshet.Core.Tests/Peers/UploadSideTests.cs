using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Peers;

/// <summary>When a slot counts as idle, and what its use is remembered for.</summary>
public class UploadSideTests
{
    private static readonly Timestamp Start = new(TimeSpan.TicksPerDay);
    private readonly UploadSide _side = new(Start);

    [Fact]
    public void Whoever_was_too_late_is_given_more_time_in_its_next_slots_until_it_requests_something()
    {
        foreach (int patience in new[] { 1, 2, 4, 8, 8 })
        {
            _side.Unchoke(At(0));
            Assert.Equal(At(patience), _side.IdleFrom);
            _side.Choke(At(patience));
        }

        Assert.Equal(5, _side.WastedSlots);
        _side.Unchoke(At(20));
        _side.OnRequested(At(21));
        _side.Choke(At(30));
        Assert.Equal(0, _side.WastedSlots);
        _side.Unchoke(At(40));
        Assert.Equal(At(41), _side.IdleFrom);
    }

    [Fact]
    public void A_slot_in_use_becomes_idle_some_seconds_after_the_last_block_and_never_while_one_is_queued()
    {
        _side.Unchoke(At(0));
        _side.OnRequested(At(1));
        Assert.Equal(At(6), _side.IdleFrom);
        _side.OnQueued();
        Assert.Equal(Timestamp.Never, _side.IdleFrom);
        _side.OnSent(Limits.BlockLength, At(9));
        Assert.Equal(At(14), _side.IdleFrom);
        _side.Choke(At(14));
        Assert.Equal(Timestamp.Never, _side.IdleFrom);
    }

    [Fact]
    public void Only_before_its_first_slot_is_a_peer_a_newcomer()
    {
        Assert.False(_side.HadSlot);
        _side.Unchoke(At(0));
        _side.Choke(At(1));
        Assert.True(_side.HadSlot);
    }

    private static Timestamp At(int seconds) => Start + TimeSpan.FromSeconds(seconds);
}
