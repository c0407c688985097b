using Freshet.Running;

namespace Freshet.Tests.Running;

public class HandleBudgetTests
{
    [Theory]
    [InlineData(100_000, 500, 256)]
    [InlineData(788, 500, 256)]
    [InlineData(787, 500, 255)]
    [InlineData(232, 150, 50)]
    [InlineData(42, 2, 8)]
    [InlineData(-5, 2, 8)]
    public void What_is_wanted_is_had_as_far_as_handles_go(long free, int connections, int files)
    {
        HandleBudget fit = HandleBudget.Fit(new HandleBudget(500, 256), free);
        Assert.True(fit.Connections + fit.Files <= Math.Max(free - 32, 10));
        Assert.Equal(new HandleBudget(connections, files), fit);
    }

    [Fact]
    public void What_is_wanted_is_never_exceeded() =>
        Assert.Equal(new HandleBudget(10, 390), HandleBudget.Fit(new HandleBudget(10, 1_000), 432));
}
