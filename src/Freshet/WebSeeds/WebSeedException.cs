using Freshet.Core.WebSeeds;

namespace Freshet.WebSeeds;

/// <summary>A web seed does not give what it was asked for.</summary>
internal sealed class WebSeedException(FetchEnd end) : Exception(end.Words)
{
    public FetchEnd End { get; } = end;
}
