using Freshet.Daemon.Feeds;

namespace Freshet.Daemon.Tests.Feeds;

public class OrderKeysTests
{
    [Fact]
    public void Items_that_keep_their_order_keep_their_numbers()
    {
        Assert.Equal([1, 2, 3, 4], OrderKeys.Assign([null, null, null, null]));
        Assert.Equal([1, 3, 4], OrderKeys.Assign([1, 3, 4]));
        Assert.Equal([1, 2, 3, 4, 5], OrderKeys.Assign([1, 2, 3, 4, null]));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    public void Only_an_item_that_moves_gets_another_number(int from, int to)
    {
        List<double?> keys = [1, 2, 3, 4];
        double? moved = keys[from];
        keys.RemoveAt(from);
        keys.Insert(to, moved);
        double[] assigned = OrderKeys.Assign(keys);
        RequireRising(assigned);
        Assert.Equal(1, assigned.Zip(keys).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void If_no_number_is_left_between_two_all_are_renumbered()
    {
        Assert.Equal([1, 2, 3], OrderKeys.Assign([1, null, Math.BitIncrement(1.0)]));
        List<double?> keys = [1, 2];
        for (int i = 0; i < 200; i++)
        {
            keys.Insert(1, null);
            double[] assigned = OrderKeys.Assign(keys);
            RequireRising(assigned);
            keys = [.. assigned.Select(key => (double?)key)];
        }
    }

    [Fact]
    public void The_numbers_increase_whatever_comes_goes_and_moves()
    {
        Random random = new(7);
        List<double?> keys = [];
        for (int step = 0; step < 2_000; step++)
        {
            int at = random.Next(keys.Count + 1);
            switch (random.Next(3))
            {
                case 0 when keys.Count < 100:
                    keys.Insert(at, null);
                    break;
                case 1 when at < keys.Count:
                    keys.RemoveAt(at);
                    break;
                case 2 when at < keys.Count:
                    double? moved = keys[at];
                    keys.RemoveAt(at);
                    keys.Insert(random.Next(keys.Count + 1), moved);
                    break;
            }

            double[] assigned = OrderKeys.Assign(keys);
            RequireRising(assigned);
            keys = [.. assigned.Select(key => (double?)key)];
        }
    }

    private static void RequireRising(double[] keys) => Assert.All(keys.Zip(keys.Skip(1)), pair => Assert.True(pair.First < pair.Second));
}
