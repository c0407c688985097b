namespace Freshet.Loops;

/// <summary>Work for an <see cref="EventLoop"/>. Objects that post often implement it themselves, so that nothing is allocated.</summary>
internal interface ILoopItem
{
    void Run();
}
