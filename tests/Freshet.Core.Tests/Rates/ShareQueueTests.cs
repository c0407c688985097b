using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

public class ShareQueueTests
{
    private readonly ShareQueue<string, int> _queue = new();

    [Fact]
    public void Sources_take_turns_however_many_wait_in_each()
    {
        for (int i = 0; i < 6; i++)
            _queue.Enqueue("many", i, 10);
        _queue.Enqueue("few", 100, 10);
        _queue.Enqueue("few", 101, 10);
        Assert.Equal([0, 100, 1, 101, 2, 3, 4, 5], TakeAll());
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public void A_source_of_cheap_items_is_served_more_often()
    {
        for (int i = 0; i < 4; i++)
            _queue.Enqueue("dear", 100 + i, 50);
        for (int i = 0; i < 10; i++)
            _queue.Enqueue("cheap", i, 10);
        List<int> served = TakeAll();

        // Whenever a dear item has been served, as many bytes of the others have been.
        Assert.Equal([100, 0, 1, 2, 3, 4, 101, 5, 6, 7, 8, 9, 102, 103], served);
    }

    [Fact]
    public void Whoever_comes_late_has_no_turns_saved_up()
    {
        for (int i = 0; i < 20; i++)
            _queue.Enqueue("early", i, 10);
        for (int i = 0; i < 10; i++)
            _queue.Dequeue();
        for (int i = 0; i < 5; i++)
            _queue.Enqueue("late", 100 + i, 10);
        Assert.Equal([100, 10, 101, 11, 102, 12, 103, 13, 104], TakeAll()[..9]);
    }

    [Fact]
    public void An_item_that_is_not_served_costs_its_source_nothing()
    {
        _queue.Enqueue("gone", 1, 1_000);
        _queue.Enqueue("gone", 2, 10);
        _queue.Enqueue("other", 3, 10);
        _queue.Enqueue("other", 4, 10);
        Assert.Equal(1, _queue.Dequeue(isServed: false));
        Assert.Equal([3, 2, 4], TakeAll());
    }

    [Fact]
    public void Sources_that_come_and_go_are_forgotten()
    {
        _queue.Enqueue("stays", 0, 10);
        for (int i = 0; i < 10_000; i++)
        {
            _queue.Enqueue($"passes {i}", i, 10);
            _queue.Enqueue("stays", i, 10);
            _queue.Dequeue();
            _queue.Dequeue();
        }

        Assert.InRange(_queue.SourceCount, 1, 200);
    }

    private List<int> TakeAll()
    {
        List<int> served = [];
        while (_queue.TryPeek(out int next))
        {
            served.Add(next);
            Assert.Equal(next, _queue.Dequeue());
        }

        return served;
    }
}
