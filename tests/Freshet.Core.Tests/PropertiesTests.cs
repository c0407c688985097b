using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace Freshet.Core.Tests;

public class PropertiesTests
{
    [Fact]
    public void A_failure_names_the_seed_that_draws_its_values_again()
    {
        List<int> drawn = [];
        Property property = Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), value =>
        {
            drawn.Add(value);
            return drawn.Count < 5;
        });
        FailException failure = Assert.Throws<FailException>(() => property.Holds(10));
        Match named = Regex.Match(failure.Message, Properties.SeedVariable + "=([0-9]+)");
        int[] first = [.. drawn];
        drawn.Clear();
        Assert.Throws<FailException>(() => property.Holds(10, ulong.Parse(named.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(first, drawn);

        // Another seed draws other values, and so does the next run.
        drawn.Clear();
        Assert.Throws<FailException>(() => property.Holds(10, seed: 1));
        Assert.NotEqual(first, drawn);
    }

    [Fact]
    public void The_seed_is_printed_even_if_nothing_fails()
    {
        Prop.ForAll(Gen.Choose(0, 1).ToArbitrary(), _ => true).Holds(1, seed: 4_711);
        Assert.Contains(Properties.SeedVariable + "=4711", TestContext.Current.TestOutputHelper!.Output, StringComparison.Ordinal);
    }
}
