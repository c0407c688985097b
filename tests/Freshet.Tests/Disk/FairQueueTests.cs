using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class FairQueueTests
{
    [Fact]
    public void Each_owner_has_its_turn_and_its_own_order()
    {
        FairQueue<string> queue = new(turn: 2);
        foreach (string item in (string[])["a1", "a2", "a3", "a4", "a5", "b1", "c1", "c2", "c3"])
            queue.Add(item[..1], item);
        Assert.Equal(9, queue.Count);
        Assert.Equal(["a1", "a2", "b1", "c1", "c2", "a3", "a4", "c3", "a5"], TakeAll(queue));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_new_owner_waits_no_longer_than_one_turn_of_each_other()
    {
        FairQueue<string> queue = new(turn: 3);
        for (int i = 0; i < 100; i++)
            queue.Add("a", "a");
        Assert.True(queue.TryTake(out _));
        queue.Add("b", "b");
        Assert.Equal(2, TakeAll(queue).IndexOf("b"));
    }

    [Fact]
    public void An_owner_that_comes_back_within_its_turn_goes_behind_those_who_wait()
    {
        FairQueue<string> queue = new(turn: 3);
        queue.Add("a", "a1");
        queue.Add("b", "b1");
        Assert.True(queue.TryTake(out string? first));
        Assert.Equal("a1", first);
        queue.Add("a", "a2");
        Assert.Equal(["b1", "a2"], TakeAll(queue));
    }

    private static List<string> TakeAll(FairQueue<string> queue)
    {
        List<string> all = [];
        while (queue.TryTake(out string? item))
            all.Add(item);
        return all;
    }
}
