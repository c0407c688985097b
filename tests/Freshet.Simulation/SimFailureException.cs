namespace Freshet.Simulation;

/// <summary>A simulated swarm broke a rule, or failed an assertion of a test. The message has the seed that reproduces the run.</summary>
internal sealed class SimFailureException : Exception
{
    public SimFailureException(string message)
        : base(message)
    {
    }

    public SimFailureException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
