using Freshet.Core.Sessions;

namespace Freshet.Core.Tests.Sessions;

public class QueueOrderTests
{
    [Theory]
    [InlineData(QueueMove.Top, 3, 0)]
    [InlineData(QueueMove.Up, 3, 1)]
    [InlineData(QueueMove.Up, 1, 1)]
    [InlineData(QueueMove.Down, 1, 3)]
    [InlineData(QueueMove.Down, 0, 2)]
    [InlineData(QueueMove.Down, 4, 4)]
    [InlineData(QueueMove.Bottom, 0, 4)]
    public void Up_and_down_skip_torrents_of_the_other_queue(QueueMove move, int index, int target)
    {
        bool[] isComplete = [true, false, true, false, true];
        Assert.Equal(target, QueueOrder.TargetOf(isComplete, index, move));
    }

    [Fact]
    public void Moves_produce_the_requested_order_and_change_little()
    {
        Random random = new(7);
        List<(int Torrent, long Position)> order = [.. Enumerable.Range(0, 50).Select(torrent => (torrent, torrent * QueueOrder.Step))];
        List<int> expected = [.. Enumerable.Range(0, 50)];
        int changed = 0;
        for (int move = 0; move < 5_000; move++)
        {
            // Mostly between the same two, where room runs out.
            int index = random.Next(50);
            int target = random.Next(3) == 0 ? random.Next(50) : 20;
            int torrent = expected[index];
            expected.RemoveAt(index);
            expected.Insert(target, torrent);
            List<(int Index, long Position)> changes = QueueOrder.Move([.. order.Select(one => one.Position)], index, target);
            changed += changes.Count;
            foreach ((int at, long position) in changes)
                order[at] = (order[at].Torrent, position);
            order.Sort((a, b) => a.Position.CompareTo(b.Position));
            Assert.Equal(order.Count, order.Select(one => one.Position).Distinct().Count());
            Assert.Equal(expected, order.Select(one => one.Torrent));
        }

        Assert.InRange(changed, 4_000, 12_000);
    }

    [Fact]
    public void Torrents_that_have_no_positions_yet_are_put_in_order()
    {
        List<(int Index, long Position)> changes = QueueOrder.Move([0, 0, 0, 5], 0, 2);
        long[] positions = [0, 0, 0, 5];
        foreach ((int index, long position) in changes)
            positions[index] = position;
        Assert.True(positions[2] < positions[0]);
        Assert.True(positions[0] < positions[3]);
    }
}
