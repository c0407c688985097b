using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Dht.Searching;

/// <summary>What one of the closest nodes is told or asked at the end of a search.</summary>
/// <param name="Candidate">The node.</param>
/// <param name="Method">An announce, a put, or the question how many peers there are.</param>
internal readonly record struct LastQuery(Candidate Candidate, DhtMethod Method);
