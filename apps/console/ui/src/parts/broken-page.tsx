export function BrokenPage() {
  return (
    <div className="notice notice-problem" role="alert">
      <p className="notice-title">This page could not be shown</p>
      <p>
        Nothing was changed. Load the page again; if it lasts, tell your administrator what you were doing.
      </p>
      <button
        type="button"
        className="button"
        onClick={() => {
          window.location.reload();
        }}
      >
        Load again
      </button>
    </div>
  );
}
