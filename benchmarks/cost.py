"""How long a move of a slider takes until the derivation is redrawn, in a real browser.

    streamlit run app.py &          then          python benchmarks/cost.py http://localhost:8501

Prints the median and the 95th percentile of 300 moves: from the input event to the frame that shows the new numbers.
"""

import argparse
import shutil
import statistics

from playwright.sync_api import sync_playwright

MOVES = 300
MOVE = """
async (moves) => {
  const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
  const root = roots.find((each) => each?.querySelector(".sizes"));
  const sliders = [...root.querySelectorAll("input[type=range]")];
  const times = [];
  for (let i = 0; i < moves; i += 1) {
    const slider = sliders[i % 4];
    const began = performance.now();
    slider.value = Number(slider.min) + ((i * 37) % 60) + 3;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    times.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, i % 20 ? 5 : 600)); // now and then it settles and the server answers
  }
  return times;
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(parser.parse_args().address.rstrip("/") + "/cost")
        page.locator("[data-total]").first.wait_for()
        times = page.evaluate(MOVE, MOVES)
        browser.close()
    print(
        f"{MOVES} moves: median {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main()
