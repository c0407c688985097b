using System.Globalization;
using FsCheck;

namespace Freshet.Core.Tests;

/// <summary>
/// Checks properties with values that are new in every run. The seed is printed to the test's output, and a failure names it too. If the
/// variable <c>FRESHET_PROPERTY_SEED</c> is set to it, the same values are drawn again.
/// </summary>
internal static class Properties
{
    public const string SeedVariable = "FRESHET_PROPERTY_SEED";

    /// <summary>Checks that a property holds for this many values.</summary>
    public static void Holds(this Property property, int runs) =>
        property.Holds(runs, ReadSeed() ?? (ulong)System.Random.Shared.NextInt64());

    /// <summary>Checks that a property holds for the values that a seed draws.</summary>
    public static void Holds(this Property property, int runs, ulong seed)
    {
        string replay = string.Create(CultureInfo.InvariantCulture, $"{SeedVariable}={seed} draws these values again.");
        TestContext.Current.TestOutputHelper?.WriteLine(replay);
        try
        {
            // The generator's second number must be odd; it is enough if one of the two is new.
            property.Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(runs).WithReplay(seed, 11));
        }
        catch (Exception failure)
        {
            Assert.Fail($"{replay} {failure.Message}\n{failure}");
        }
    }

    private static ulong? ReadSeed() => Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } text
        ? ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
