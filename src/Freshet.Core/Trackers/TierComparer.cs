using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Trackers;

/// <summary>Compares tiers of trackers by their URLs.</summary>
internal sealed class TierComparer : IEqualityComparer<ImmutableArray<string>>
{
    public static TierComparer Instance { get; } = new();

    public bool Equals(ImmutableArray<string> x, ImmutableArray<string> y) => x.AsSpan().SequenceEqual(y.AsSpan());

    public int GetHashCode([DisallowNull] ImmutableArray<string> obj) => obj.Length;
}
