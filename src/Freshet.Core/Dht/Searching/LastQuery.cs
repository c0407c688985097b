using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Dht.Searching;

/// <summary>A query to one of the closest nodes at the end of a search.</summary>
/// <param name="Candidate">The node.</param>
/// <param name="Method">An announce, a put, or a request for the number of peers.</param>
internal readonly record struct LastQuery(Candidate Candidate, DhtMethod Method);
