namespace Freshet.Core.Rates;

/// <summary>
/// Decides how fast a session's TCP connections may be together, in one direction, so that they do not starve its uTP connections. uTP
/// yields to whatever fills a line, and so also to the session's own TCP. But whether they share a line cannot be known: mostly each peer
/// has its own narrow place. So it is tried. TCP is limited by a little, and the limit is worth it only if uTP takes up what TCP gives up,
/// and loses it again without the limit. Otherwise there is none for a while, which doubles each time.
/// </summary>
/// <remarks>
/// What is compared are averages of seconds with the limit and of seconds without it right before and after, never a limit with what it
/// has allowed itself. A limit that is worth it is lowered step by step, down to the part of the TCP connections by their number, and
/// lifted every few minutes to compare again. Whatever a trial finds, it costs an eighth of TCP's rate for some seconds.
/// </remarks>
internal sealed class MixedMode
{
    /// <summary>The wait before the first trial, in seconds. The rest after the first vain trial is twice as long.</summary>
    public const int FirstRest = 60;

    /// <summary>The longest rest, in seconds.</summary>
    public const int LongestRest = 32 * 60;

    /// <summary>How long a limit that is worth it stays before it is compared again, in seconds.</summary>
    public const int HoldSeconds = 180;

    // TCP and uTP take some seconds to follow a change; then this many are averaged.
    private const int Averaged = 8;
    private const int Settling = 8;
    private const double Step = 1.0 / 8;
    private const double LeastSum = 0.95;

    private readonly TransportRates[] _rates = new TransportRates[2 * Averaged];
    private Phase _phase = Phase.Resting;
    private int _next;
    private int _mixedFor;
    private int _inPhase;
    private int _sinceStep;
    private int _rest = FirstRest;
    private bool _isProven;
    private bool _isLowest;
    private double? _previous;
    private double _goal;
    private TransportRates _without;
    private TransportRates _with;

    private enum Phase
    {
        Resting,
        Trying,
        Comparing,
        Holding,
    }

    /// <summary>Bytes per second that all TCP connections may transfer together; null for no limit.</summary>
    public double? Limit { get; private set; }

    /// <summary>A second has passed.</summary>
    /// <param name="rates">What was transferred in it.</param>
    /// <param name="tcp">The number of TCP connections that have something to transfer.</param>
    /// <param name="utp">The number of uTP connections that have something to transfer.</param>
    public void OnSecond(TransportRates rates, int tcp, int utp)
    {
        _rates[_next] = rates;
        _next = (_next + 1) % _rates.Length;
        _inPhase++;
        _sinceStep++;
        _mixedFor = tcp > 0 && utp > 0 ? _mixedFor + 1 : 0;
        if (_mixedFor == 0)
        {
            if (_phase != Phase.Resting)
                Rest();
            return;
        }

        double part = (double)tcp / (tcp + utp);
        switch (_phase)
        {
            case Phase.Resting when _inPhase >= _rest && _mixedFor >= _rates.Length:
                TryLimit(part);
                break;
            case Phase.Trying when _inPhase >= Settling + Averaged:
                Compare();
                break;
            case Phase.Comparing when _inPhase >= Settling + Averaged:
                Conclude();
                break;
            case Phase.Holding when _sinceStep >= Settling + Averaged:
                Hold(part);
                break;
        }
    }

    private void TryLimit(double part)
    {
        TransportRates before = Average(Averaged, Averaged);
        _without = Average(0, Averaged);

        // Where rates change by themselves, nothing can be learned from what a limit changes.
        bool isSettled = Math.Abs(before.Tcp - _without.Tcp) <= _without.Tcp * Step
            && Math.Abs(before.Utp - _without.Utp) <= _without.Tcp * Step / 4;
        if (!isSettled || _without.Tcp * (1 - Step) < _without.Sum * part)
            return;
        _isProven = _isLowest = false;
        Enter(Phase.Trying, _without.Tcp * (1 - Step));
        _goal = _without.Tcp * (1 - Step);
    }

    // The limit is lifted, and what was before and what comes after are compared with it.
    private void Compare()
    {
        _with = Average(0, Averaged);
        if (IsWorthIt())
            Enter(Phase.Comparing, null);
        else
            GiveUp();
    }

    private void Conclude()
    {
        _without = Average(0, Averaged);
        if (!IsWorthIt())
        {
            GiveUp();
            return;
        }

        if (_isProven)
            _rest = FirstRest;
        _previous = null;
        Enter(Phase.Holding, _goal);
    }

    private void Hold(double part)
    {
        _with = Average(0, Averaged);
        if (!IsWorthIt())
        {
            // The last step was one too many.
            if (_previous is not { } previous)
            {
                GiveUp();
                return;
            }

            _isLowest = true;
            SetGoal(previous);
            _previous = null;
            return;
        }

        double fair = _without.Sum * part;
        if (_inPhase >= HoldSeconds)
        {
            _isProven = true;
            _isLowest = false;
            Enter(Phase.Comparing, null);
        }
        else if (!_isLowest && _goal > fair)
        {
            _previous = _goal;
            SetGoal(Math.Max(fair, _goal - (_without.Tcp * Step)));
        }
        else if (_goal < fair)
        {
            SetGoal(fair);
        }
    }

    private void SetGoal(double goal)
    {
        Limit = _goal = goal;
        _sinceStep = 0;
    }

    /// <summary>Whether uTP has taken up most of what TCP gave up, and nothing is left unused for it.</summary>
    private bool IsWorthIt()
    {
        double given = _without.Tcp - _with.Tcp;
        double gained = _with.Utp - _without.Utp;
        return given > 0 && gained >= given / 2 && _with.Sum >= _without.Sum * LeastSum;
    }

    private void GiveUp()
    {
        _rest = Math.Min(2 * _rest, LongestRest);
        Rest();
    }

    private void Rest() => Enter(Phase.Resting, null);

    private void Enter(Phase phase, double? limit)
    {
        _phase = phase;
        Limit = limit;
        _inPhase = _sinceStep = 0;
    }

    /// <summary>The average of some seconds, the last of which was some seconds ago.</summary>
    private TransportRates Average(int ago, int seconds)
    {
        TransportRates sum = default;
        for (int i = 1; i <= seconds; i++)
            sum += _rates[(_next - ago - i + (2 * _rates.Length)) % _rates.Length];
        return sum / seconds;
    }
}
