using Freshet.Interop.Clients;

namespace Freshet.Throughput;

/// <summary>One line of a table: a client used in a certain way, and how one run of it is measured.</summary>
/// <param name="Kind">The client.</param>
/// <param name="Label">Its name in the table.</param>
/// <param name="MeasureAsync">Measures it once; <c>first</c> says that the result is also compared with the original.</param>
internal sealed record Contender(ClientKind Kind, string Label, Func<bool, Task<Figures>> MeasureAsync)
{
    public Contender(ClientKind kind, Func<bool, Task<Figures>> measureAsync)
        : this(kind, kind.ToString().ToLowerInvariant(), measureAsync)
    {
    }
}
