using Freshet.Core.Sessions;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Sessions;

public class FairShareTests
{
    [Theory]
    [InlineData(new[] { 5, 3 }, 8, int.MaxValue, 0)]
    [InlineData(new[] { 40, 4, 40 }, 20, 8, 0)]
    [InlineData(new[] { 40, 4, 40 }, 21, 8, 1)]
    [InlineData(new[] { 9, 9, 9 }, 2, 0, 2)]
    [InlineData(new int[0], 2, int.MaxValue, 0)]
    public void Small_demands_are_met_and_the_rest_is_divided_evenly(int[] wants, int capacity, int level, int rest) =>
        Assert.Equal((level, rest), LevelOf(wants, capacity));

    [Fact]
    public void It_divides_as_if_everybody_were_given_one_at_a_time() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        int[] wants = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(random.Next(2) == 0 ? 4 : 100))];
        int capacity = random.Next(800);
        (int level, int rest) = LevelOf(wants, capacity);

        int[] given = new int[wants.Length];
        int left = capacity;
        while (left > 0 && wants.Index().Any(want => given[want.Index] < want.Item))
        {
            for (int i = 0; i < wants.Length && left > 0; i++)
            {
                if (given[i] == wants[i])
                    continue;
                given[i]++;
                left--;
            }
        }

        for (int i = 0; i < wants.Length; i++)
        {
            int most = Math.Min(wants[i], level);
            if (wants[i] > level && rest-- > 0)
                most++;
            Assert.Equal(given[i], most);
        }
    }).Holds(200);

    private static (int Level, int Over) LevelOf(int[] wants, int capacity)
    {
        FairShare share = new();
        foreach (int want in wants)
            share.Add(want);
        return (share.Level(capacity, out int rest), rest);
    }
}
